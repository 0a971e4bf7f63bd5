package generate

import (
	"math"
	"math/rand/v2"
	"strings"
)

// domain is a field of work that a bot knows about: the objects that its topics and its users' questions are about.
type domain struct {
	name    string
	objects [][speeches]string
}

// domains returns every field of work, its texts as they are for people (not escaped).
func domains() []domain {
	return []domain{
		{"IT", [][speeches]string{
			{"VPN access", "VPN-Zugang", "l'accès VPN", "el acceso VPN", "VPN接続"},
			{"password", "Passwort", "le mot de passe", "la contraseña", "パスワード"},
			{"laptop", "Laptop", "l'ordinateur portable", "el portátil", "ノートパソコン"},
			{"printer", "Drucker", "l'imprimante", "la impresora", "プリンター"},
			{"mailbox", "Postfach", "la boîte mail", "el buzón", "メールボックス"},
			{"work phone", "Diensthandy", "le téléphone professionnel", "el móvil de empresa", "社用携帯"},
			{"software licence", "Softwarelizenz", "la licence logicielle", "la licencia de software", "ソフトのライセンス"},
			{"guest Wi-Fi", "Gäste-WLAN", "le Wi-Fi invité", "la wifi de invitados", "ゲストWi-Fi"},
			{"shared folder", "Gruppenordner", "le dossier partagé", "la carpeta compartida", "共有フォルダー"},
			{"meeting room screen", "Besprechungsraum-Bildschirm", "l'écran de la salle", "la pantalla de la sala", "会議室の画面"},
			{"headset", "Headset", "le casque", "los auriculares", "ヘッドセット"},
			{"security key", "Sicherheitsschlüssel", "la clé de sécurité", "la llave de seguridad", "セキュリティキー"},
		}},
		{"Care", [][speeches]string{
			{"order", "Bestellung", "la commande", "el pedido", "注文"},
			{"refund", "Erstattung", "le remboursement", "el reembolso", "返金"},
			{"delivery", "Lieferung", "la livraison", "la entrega", "配送"},
			{"invoice", "Rechnung", "la facture", "la factura", "請求書"},
			{"subscription", "Abonnement", "l'abonnement", "la suscripción", "定期購入"},
			{"gift card", "Geschenkkarte", "la carte cadeau", "la tarjeta regalo", "ギフトカード"},
			{"return label", "Rücksendeetikett", "l'étiquette de retour", "la etiqueta de devolución", "返送ラベル"},
			{"warranty", "Garantie", "la garantie", "la garantía", "保証"},
			{"customer account", "Kundenkonto", "le compte client", "la cuenta de cliente", "会員アカウント"},
			{"discount code", "Rabattcode", "le code de réduction", "el código de descuento", "割引コード"},
			{"payment method", "Zahlungsart", "le moyen de paiement", "la forma de pago", "支払い方法"},
			{"spare part", "Ersatzteil", "la pièce détachée", "el recambio", "交換部品"},
		}},
		{"People", [][speeches]string{
			{"payslip", "Gehaltsabrechnung", "le bulletin de paie", "la nómina", "給与明細"},
			{"annual leave", "Jahresurlaub", "le congé annuel", "las vacaciones", "年次休暇"},
			{"parental leave", "Elternzeit", "le congé parental", "el permiso parental", "育児休業"},
			{"pension", "Betriebsrente", "la retraite", "la pensión", "企業年金"},
			{"expense report", "Spesenabrechnung", "la note de frais", "la nota de gastos", "経費精算"},
			{"training course", "Fortbildung", "la formation", "el curso", "研修"},
			{"sick note", "Krankmeldung", "l'arrêt maladie", "la baja médica", "診断書"},
			{"employment contract", "Arbeitsvertrag", "le contrat de travail", "el contrato laboral", "雇用契約"},
			{"overtime", "Überstunden", "le temps supplémentaire", "el tiempo extra", "残業"},
			{"bonus", "Prämie", "la prime", "la prima", "賞与"},
			{"company car", "Dienstwagen", "la voiture de fonction", "el coche de empresa", "社用車"},
			{"health insurance", "Krankenversicherung", "l'assurance maladie", "el seguro médico", "健康保険"},
		}},
		{"Travel", [][speeches]string{
			{"flight", "Flug", "le vol", "el vuelo", "航空便"},
			{"hotel booking", "Hotelbuchung", "la réservation d'hôtel", "la reserva de hotel", "ホテル予約"},
			{"train ticket", "Bahnfahrkarte", "le billet de train", "el billete de tren", "乗車券"},
			{"rental car", "Mietwagen", "la voiture de location", "el coche de alquiler", "レンタカー"},
			{"visa", "Visum", "le visa", "el visado", "ビザ"},
			{"travel insurance", "Reiseversicherung", "l'assurance voyage", "el seguro de viaje", "旅行保険"},
			{"seat", "Sitzplatz", "le siège", "el asiento", "座席"},
			{"luggage", "Gepäck", "le bagage", "el equipaje", "手荷物"},
			{"boarding pass", "Bordkarte", "la carte d'embarquement", "la tarjeta de embarque", "搭乗券"},
			{"travel advance", "Reisevorschuss", "l'avance de frais", "el anticipo de viaje", "旅費の前払い"},
			{"airport transfer", "Flughafentransfer", "le transfert aéroport", "el traslado al aeropuerto", "空港送迎"},
			{"mileage allowance", "Kilometergeld", "l'indemnité kilométrique", "el kilometraje", "走行距離手当"},
		}},
		{"City", [][speeches]string{
			{"parking permit", "Parkausweis", "la carte de stationnement", "la tarjeta de aparcamiento", "駐車許可"},
			{"passport", "Reisepass", "le passeport", "el pasaporte", "パスポート"},
			{"birth certificate", "Geburtsurkunde", "l'acte de naissance", "la partida de nacimiento", "出生証明書"},
			{"waste collection", "Müllabfuhr", "la collecte des déchets", "la recogida de basura", "ごみ収集"},
			{"building permit", "Baugenehmigung", "le permis de construire", "la licencia de obra", "建築許可"},
			{"dog licence", "Hundesteuermarke", "la licence pour chien", "la licencia canina", "犬の登録"},
			{"library card", "Bibliotheksausweis", "la carte de bibliothèque", "el carné de biblioteca", "図書館カード"},
			{"proof of residence", "Meldebescheinigung", "le justificatif de domicile", "el padrón", "住民票"},
			{"property tax", "Grundsteuer", "la taxe foncière", "el impuesto de bienes", "固定資産税"},
			{"school place", "Schulplatz", "la place à l'école", "la plaza escolar", "就学手続き"},
			{"street light", "Straßenlaterne", "l'éclairage public", "la farola", "街灯"},
			{"wedding date", "Trautermin", "la date de mariage", "la fecha de boda", "婚姻届"},
		}},
		{"Returns", [][speeches]string{
			{"return parcel", "Rücksendung", "le colis de retour", "el paquete de devolución", "返品の荷物"},
			{"exchange", "Umtausch", "l'échange", "el cambio", "交換"},
			{"damaged item", "beschädigter Artikel", "l'article abîmé", "el artículo dañado", "破損した商品"},
			{"wrong size", "falsche Größe", "la mauvaise taille", "la talla equivocada", "サイズ違い"},
			{"drop-off point", "Abgabestelle", "le point de dépôt", "el punto de entrega", "返送の窓口"},
			{"courier pickup", "Abholung", "l'enlèvement", "la recogida a domicilio", "集荷"},
			{"store credit", "Guthaben", "l'avoir", "el vale de compra", "ストアクレジット"},
			{"return deadline", "Rückgabefrist", "le délai de retour", "el plazo de devolución", "返品期限"},
			{"missing parcel", "verlorenes Paket", "le colis perdu", "el paquete perdido", "紛失した荷物"},
			{"repair", "Reparatur", "la réparation", "la reparación", "修理"},
			{"packaging", "Verpackung", "l'emballage", "el embalaje", "梱包"},
			{"proof of purchase", "Kaufbeleg", "le justificatif d'achat", "el comprobante de compra", "購入証明"},
		}},
	}
}

// topic is one thing that a bot's author wrote a dialog for. The rates differ from topic to topic, so that there is something
// to find; they are what happens after the topic was entered, before a bad release makes it worse.
type topic struct {
	id     string // botcomponent id
	schema string // <bot>.topic.<Name>
	title  string // escaped
	object int
	action action

	fails, escalates, leaves, solves float64 // they add up to less than 1; the rest asks on
	score                            float64 // mean CSAT
	questions                        int     // what it asks before it answers
	flow                             bool    // runs a Power Automate flow
}

// newTopics writes the topics of a bot: most pairs of an object of its domain and an action, in an order of popularity of its own.
func newTopics(r *rand.Rand, schema string, d *domain) []topic {
	const kept = 0.8 // of all pairs
	topics := make([]topic, 0, len(d.objects)*int(actions))
	for object := range d.objects {
		for a := range actions {
			if r.Float64() > kept {
				continue
			}
			name := d.objects[object][english] + " " + a.title()
			hard := r.Float64() * r.Float64() // few topics are bad at what they do
			topics = append(topics, topic{
				id:        guid(r),
				schema:    schema + ".topic." + camel(name),
				title:     escape(upperFirst(name)),
				object:    object,
				action:    a,
				fails:     0.01 + 0.06*hard,
				escalates: 0.02 + 0.38*hard*r.Float64(),
				leaves:    0.06 + 0.24*r.Float64(),
				solves:    (0.15 + 0.30*r.Float64()) * (1 - 0.6*hard),
				score:     4.6 - 2.4*hard,
				questions: r.IntN(3),
				flow:      r.Float64() < 0.3,
			})
		}
	}
	r.Shuffle(len(topics), func(i, j int) { topics[i], topics[j] = topics[j], topics[i] })
	return topics
}

// zipf returns the cumulated shares of n things of which the i-th is asked for about 1/(i+3) as often as the first ones.
func zipf(n int) []float64 {
	sums := make([]float64, n)
	total := 0.0
	for i := range sums {
		total += 1 / math.Pow(float64(i+3), 1.02)
		sums[i] = total
	}
	for i := range sums {
		sums[i] /= total
	}
	return sums
}

// camel is a title as a schema name has it: "VPN access: rules" gives "VPNAccessRules".
func camel(title string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(title, func(c rune) bool { return c == ' ' || c == '-' || c == ':' }) {
		b.WriteString(upperFirst(word))
	}
	return b.String()
}

// upperFirst raises the first letter of an ASCII word.
func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
