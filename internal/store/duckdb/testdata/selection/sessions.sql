SELECT t.key, t.conversation_key, t.user_key, t.bot, t.conversation, t.number, t.started_at, t.ended_at, t.closes_at, t.duration, t.untimed, t.started_by, t.engaged, t.outcome, t.resolution, t.reason, t.topic_id, t.topic_name, t.topic_kind, t.turns, t.user_messages, t.bot_messages, t.csat_asked, t.csat, t.unrecognised, t.ambiguous, t.answered, t.not_answered, t.answer_moderated, t.answer_no_results, t.answer_else, t.likes, t.dislikes, t.channel, t.locale, t.user_id, t.kind, t.design_mode, t.origin, t.opened_by, t.engaged_by, t.attributed_by, t.ended_by, t.decided_by
FROM session_1 AS t
WHERE t.started_at >= ? AND t.started_at < ? AND NOT t.untimed
  AND t.channel = ?
  AND t.turns <= ? AND (t.turns < ? OR (t.turns = ? AND (t.started_at < ? OR (t.started_at = ? AND (t.conversation_key < ? OR (t.conversation_key = ? AND (t.number < ?)))))))
ORDER BY t.turns DESC, t.started_at DESC, t.conversation_key DESC, t.number DESC
LIMIT ?;
-- [1774742400000 1774828800000 msteams 7 7 7 1774750000000 1774750000000 -3 -3 2 50]
