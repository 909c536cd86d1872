CREATE COLLATION kinds.plain (provider = libc, locale = 'C');
CREATE COLLATION kinds.mixed (provider = libc, lc_collate = 'C', lc_ctype = 'POSIX');
CREATE COLLATION kinds."Telefonbuch, ""ICU""" (provider = icu, locale = 'de-u-co-phonebk');
CREATE COLLATION kinds.ignores_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE COLLATION kinds.copied FROM "POSIX";
COMMENT ON COLLATION kinds.ignores_case IS 'a = A';

CREATE CONVERSION kinds.latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE DEFAULT CONVERSION kinds."default ""back""" FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;
COMMENT ON CONVERSION kinds.latin IS 'Eight bits';
