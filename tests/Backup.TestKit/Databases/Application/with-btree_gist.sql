CREATE TABLE shop.seats (
    room integer,
    during tstzrange,
    CONSTRAINT one_at_a_time EXCLUDE USING gist (room WITH =, during WITH &&)
);
INSERT INTO shop.seats VALUES (1, '[2026-01-01Z,2026-01-02Z)'), (2, '[2026-01-01Z,2026-01-02Z)');
