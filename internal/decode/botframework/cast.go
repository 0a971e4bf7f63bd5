package botframework

import (
	"cmp"
	"strings"

	"rapport/internal/activity"
	"rapport/internal/decode/activityjson"
)

// cast is who is who in one file. Many recordings leave roles out on one side, some on both, and some give both sides one id,
// so the whole file is looked at. From the strongest to the weakest hint:
//
//  1. an account has the role that any activity gives it, as sender or as recipient;
//  2. who talks to the bot is the user, and who talks to the user is the bot;
//  3. an account named Bot, or something that ends in bot, is the bot; one named User is the user;
//  4. who answers an activity by its id (replyToId) is the bot.
//
// Each step only decides what those before it left open, and rule 2 is applied again after each. What is still open stays
// unknown: a guess would turn a bot's monologue into an engaged session, or the reverse.
type cast struct {
	lines []line
	roles map[string]activity.Role
	// talks is who talks with whom, accounts everybody in the order of the file, met the pairs among them.
	talks    map[string][]string
	accounts []string
	met      map[[2]string]bool
	// directory is the directory id of an account, the last that the file gives it.
	directory map[string]string
	// byName is true when the two sides share an id and only their names differ, as old Chatdown versions wrote it.
	byName bool
}

// line is who said something to whom.
type line struct{ sender, receiver activityjson.Account }

// disputed marks an account that a file gives both roles: then only the role on the activity itself counts.
const disputed activity.Role = 255

// newCast finds out who is who and fills in the roles that activities leave out.
func newCast(parties []activityjson.Parties, as []activity.Activity) *cast {
	c := &cast{roles: map[string]activity.Role{}, met: map[[2]string]bool{}, directory: map[string]string{}}
	for _, p := range parties {
		l := line{sender: p.From, receiver: p.Recipient}
		switch none := (activityjson.Account{}); {
		case l.sender == none && p.To != none:
			// One Chatdown version wrote the sender into recipient and the receiver into to.
			l.sender, l.receiver = l.receiver, p.To
		case l.receiver == none:
			l.receiver = p.To
		}
		c.lines = append(c.lines, l)
		if l.sender.ID != "" && l.sender.ID == l.receiver.ID && l.sender.Name != l.receiver.Name {
			c.byName = true
		}
	}

	for _, l := range c.lines {
		if l.sender.AAD != "" {
			c.directory[c.id(l.sender)] = l.sender.AAD
		}
		c.learn(l.sender, l.sender.Role)
		c.learn(l.receiver, l.receiver.Role)
	}
	c.counterparts()
	for _, l := range c.lines {
		c.suppose(l.sender, roleOfName(l.sender))
		c.suppose(l.receiver, roleOfName(l.receiver))
	}
	c.counterparts()
	for i, l := range c.lines {
		if as[i].ReplyTo != "" {
			c.suppose(l.sender, activity.RoleBot)
		}
	}
	c.counterparts()

	for i, l := range c.lines {
		a := &as[i]
		a.Role = cmp.Or(l.sender.Role, c.role(l.sender), opposite(c.role(l.receiver)))
		a.From = c.id(l.sender)
		a.Asks = a.Asks && a.Role != activity.RoleUser
	}
	return c
}

// id is what tells accounts apart in this file.
func (c *cast) id(a activityjson.Account) string {
	if c.byName {
		return cmp.Or(a.Name, a.ID)
	}
	return cmp.Or(a.ID, a.Name)
}

func (c *cast) role(a activityjson.Account) activity.Role { return c.known(c.id(a)) }

func (c *cast) known(id string) activity.Role {
	if r := c.roles[id]; r != disputed {
		return r
	}
	return activity.RoleUnknown
}

// learn takes a role that the file states.
func (c *cast) learn(a activityjson.Account, r activity.Role) {
	id := c.id(a)
	switch known := c.roles[id]; {
	case id == "", r == activity.RoleUnknown, known == r:
	case known == activity.RoleUnknown:
		c.roles[id] = r
	default:
		c.roles[id] = disputed
	}
}

// suppose takes a role for an account that has none yet.
func (c *cast) suppose(a activityjson.Account, r activity.Role) {
	if id := c.id(a); id != "" && r != activity.RoleUnknown && c.roles[id] == activity.RoleUnknown {
		c.roles[id] = r
	}
}

// counterparts gives the other role to whoever talks with a known side, until nothing changes: each account that is settled settles
// those it talks with, so that a chain of any length takes one pass.
func (c *cast) counterparts() {
	if c.talks == nil {
		c.talks = map[string][]string{}
		for _, l := range c.lines {
			a, b := c.id(l.sender), c.id(l.receiver)
			if a == b || a == "" || b == "" {
				continue
			}
			if pair := [2]string{a, b}; !c.met[pair] {
				c.met[pair], c.met[[2]string{b, a}] = true, true
				c.talks[a] = append(c.talks[a], b)
				c.talks[b] = append(c.talks[b], a)
				c.accounts = append(c.accounts, a, b)
			}
		}
	}
	var settled []string
	for _, id := range c.accounts {
		if c.known(id) != activity.RoleUnknown {
			settled = append(settled, id)
		}
	}
	for len(settled) > 0 {
		id := settled[0]
		settled = settled[1:]
		for _, other := range c.talks[id] {
			if c.roles[other] == activity.RoleUnknown {
				c.roles[other] = opposite(c.known(id))
				settled = append(settled, other)
			}
		}
	}
}

func opposite(r activity.Role) activity.Role {
	switch r {
	case activity.RoleBot:
		return activity.RoleUser
	case activity.RoleUser:
		return activity.RoleBot
	default:
		return activity.RoleUnknown
	}
}

func roleOfName(a activityjson.Account) activity.Role {
	switch name := strings.ToLower(strings.TrimSpace(cmp.Or(a.Name, a.ID))); {
	case strings.HasSuffix(name, "bot"):
		return activity.RoleBot
	case strings.HasPrefix(name, "user"):
		return activity.RoleUser
	default:
		return activity.RoleUnknown
	}
}

// bot is the id and the name of the first account with the bot's role.
func (c *cast) bot() (id, name string) {
	for _, l := range c.lines {
		for _, a := range []activityjson.Account{l.sender, l.receiver} {
			if id := c.id(a); id != "" && cmp.Or(a.Role, c.role(a)) == activity.RoleBot {
				return id, a.Name
			}
		}
	}
	return "", ""
}

// user is who wrote the messages: the first directory id, else the first account id. Other activities are asked only where
// nobody wrote any, since a conversationUpdate may come from the channel.
func (c *cast) user(as []activity.Activity) string {
	var directory, writer, anybody string
	for _, a := range as {
		if a.Role != activity.RoleUser {
			continue
		}
		directory = cmp.Or(directory, c.directory[a.From])
		anybody = cmp.Or(anybody, a.From)
		if a.IsMessage() {
			writer = cmp.Or(writer, a.From)
		}
	}
	return cmp.Or(directory, writer, anybody)
}
