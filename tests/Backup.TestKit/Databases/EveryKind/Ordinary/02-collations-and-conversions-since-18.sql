CREATE COLLATION kinds.full_case (provider = builtin, locale = 'PG_UNICODE_FAST');
