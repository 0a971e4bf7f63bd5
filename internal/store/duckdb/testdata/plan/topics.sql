SELECT t.topic_id AS k0, t.topic_kind AS k1, count(*)
FROM session_1 AS t
WHERE t.started_at >= ? AND t.started_at < ? AND NOT t.untimed
GROUP BY 1, 2
ORDER BY 1, 2;
-- [1772323200000 1775001600000]
