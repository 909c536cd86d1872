CREATE TEXT SEARCH PARSER kinds."Parser ""p""" (
    START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline
);
CREATE TEXT SEARCH TEMPLATE kinds."Template ""t""" (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY kinds.of_template (TEMPLATE = kinds."Template ""t""");
CREATE TEXT SEARCH CONFIGURATION kinds.of_parser (PARSER = kinds."Parser ""p""");
ALTER TEXT SEARCH CONFIGURATION kinds.of_parser ADD MAPPING FOR word WITH kinds.of_template;
COMMENT ON TEXT SEARCH PARSER kinds."Parser ""p""" IS 'A parser';
COMMENT ON TEXT SEARCH TEMPLATE kinds."Template ""t""" IS 'A template';
ALTER TEXT SEARCH DICTIONARY kinds.of_template OWNER TO kinds_owner;
ALTER TEXT SEARCH CONFIGURATION kinds.of_parser OWNER TO kinds_owner;
