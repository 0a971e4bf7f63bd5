SELECT quantile_disc(t.duration, 0.500) FILTER (WHERE t.duration >= ?), max(t.duration)
FROM session_1 AS t
WHERE t.started_at >= ? AND t.started_at < ? AND NOT t.untimed;
-- [0 1772323200000 1775001600000]
