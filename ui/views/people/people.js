/** Connected people; for the crew also their links, invitations and the PIN; the own name, and signing out. */
import { ago, folkOf, isHere, pageWords } from "../../desk/people.js"
import { make, mark } from "../../elements/element.js"
import { icon } from "../../elements/icon.js"
import { face } from "../../elements/rm-faces.js"
import { twice } from "../ask.js"
import { arrivals } from "./arrivals.js"
import { PEOPLE, Polled, roleWords, well, whileRole } from "./common.js"
import { pinBlock } from "./pin.js"

const LONGEST = 32

export function peopleView(page, panel, until) {
	const list = make("ul.people")
	whileRole(page, panel, until)
	const crew = page.people.isCrew
	const known = crew ? new Polled(page, "people", until) : null
	keepRows(page, list, known, until)
	return { title: "People", body: [page.people.isHost && arrivals(page, until), crew && openAccess(page), list, crew && ways(page, until), own(page)].filter(Boolean) }
}

/** The rows stay the same elements while their words change: a key under a finger is never replaced. */
function keepRows(page, list, known, until) {
	const rows = new Map()
	const draw = () => {
		const folk = folkOf(known?.value ?? null, page.people.list.value, page.store.me)
		const wanted = folk.map((one) => {
			if (!rows.has(one.key)) rows.set(one.key, rowOf(page, one))
			const { element, show } = rows.get(one.key)
			show(one)
			return element
		})
		if (wanted.length !== list.childElementCount || wanted.some((element, at) => list.children[at] !== element)) list.replaceChildren(...wanted)
	}
	until(page.people.list.watch(draw))
	if (known) until(known.watch(draw))
}

/** `{element, show(one)}` */
function rowOf(page, { id }) {
	const [name, place, how] = [make("b"), make("small"), make("small.how")]
	const avatar = make("span.avatar")
	const parts = [avatar, make("span", {}, name, place, how)]
	const opened = () => page.view.panel.set({ name: "person", id, from: PEOPLE })
	const element = page.people.isHost && id ? make("li", {}, make("button.opens", { press: opened }, ...parts)) : make("li", {}, ...parts)
	const show = (one) => {
		avatar.replaceChildren(face(one))
		name.textContent = one.you ? `${one.name} (you)` : one.name
		place.textContent = roleWords(page, one)
		how.textContent = page.people.isCrew ? howWords(one) : ""
		mark(element, "data-away", !isHere(one))
	}
	return { element, show }
}

function howWords(one) {
	if (!isHere(one)) return one.seen ? `offline · last seen ${ago(one.seen, Date.now())}` : "offline"
	return one.pages.map((page) => pageWords(page, Date.now())).join("\n")
}

/** Warns that nobody is asked for a PIN. */
function openAccess(page) {
	const words = make("p.notice", { hidden: true }, "Open access: everyone on this network joins as an engineer, without a PIN.")
	page.api("GET", "me").then(({ ok, data }) => (words.hidden = !(ok && data.open)))
	return words
}

function ways(page, until) {
	const to = (name) => () => page.view.panel.set({ name, from: PEOPLE })
	const way = (name, sign, title, words) => make("button.row", { press: to(name) }, icon(sign), make("b", {}, title), make("small", {}, words))
	return make(
		"div.field",
		{},
		make("div.rows", {}, way("invite", "join", "Invite someone", "QR code for a mix"), page.people.isHost && way("policy", "lock", "Permissions", "mixes and limits")),
		pinBlock(page, until),
	)
}

function own(page) {
	const person = page.people.you.value?.person
	const leave = async () => well(page, await page.join.leave())
	const out = person && twice("Sign out", "To join again, this device needs the PIN or an invitation.", leave)
	return make("div.field.own", {}, rename(page), out)
}

function rename({ people, prefs, link, name }) {
	const box = make("input", { type: "text", maxlength: LONGEST, "aria-label": "Your name", autocomplete: "nickname", enterkeyhint: "done" })
	box.value = people.you.value?.name ?? name
	const form = make("form.rename", {}, make("label", {}, "Your name", box), make("button", { type: "submit" }, "Save"))
	form.addEventListener("submit", (event) => {
		event.preventDefault()
		const typed = box.value.trim()
		if (!typed) return
		prefs.name.set(typed)
		link.send({ type: "name", name: typed })
		box.blur()
	})
	return form
}
