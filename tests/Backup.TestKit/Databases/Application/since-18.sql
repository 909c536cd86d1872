-- What PostgreSQL 18 brought.
CREATE TABLE shop.temperatures (
    celsius numeric NOT NULL,
    fahrenheit numeric GENERATED ALWAYS AS (celsius * 9 / 5 + 32) VIRTUAL,
    kelvin numeric GENERATED ALWAYS AS (celsius + 273.15) STORED,
    place text CONSTRAINT place_known NOT NULL
);
ALTER TABLE shop.temperatures ADD CONSTRAINT place_short CHECK (length(place) < 50) NOT ENFORCED;
INSERT INTO shop.temperatures (celsius, place) VALUES (21.5, 'Ulm'), (-3, 'Oslo');
