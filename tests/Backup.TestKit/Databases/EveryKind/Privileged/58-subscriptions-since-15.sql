CREATE SUBSCRIPTION kinds_two_phase CONNECTION 'host=127.0.0.1' PUBLICATION p WITH (connect = false, two_phase = true, disable_on_error = true);
