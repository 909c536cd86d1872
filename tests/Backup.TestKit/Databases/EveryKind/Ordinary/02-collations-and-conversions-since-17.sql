CREATE COLLATION kinds.by_code_point (provider = builtin, locale = 'C.UTF-8');
CREATE COLLATION kinds.by_byte (provider = builtin, locale = 'C');
