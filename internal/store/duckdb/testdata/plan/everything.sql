SELECT count(*)
FROM session_1 AS t;
-- []
