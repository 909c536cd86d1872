CREATE SUBSCRIPTION "Kinds' ""sub""" CONNECTION 'host=127.0.0.1 port=1 dbname=x password=it''s' PUBLICATION "A b", c
    WITH (connect = false, slot_name = NONE, binary = true, streaming = on, synchronous_commit = 'local');
CREATE SUBSCRIPTION kinds_plain CONNECTION 'host=127.0.0.1 port=1 dbname=x' PUBLICATION p WITH (connect = false);
CREATE SUBSCRIPTION kinds_slot CONNECTION '' PUBLICATION p WITH (connect = false, slot_name = 'other_slot');
COMMENT ON SUBSCRIPTION kinds_plain IS 's';
