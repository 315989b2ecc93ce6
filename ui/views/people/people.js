/** Who is here; for the crew how they fare and how the next one comes in; one's own name, and the way out. */
import { ago, folkOf, isHere, pageWords } from "../../desk/folk.js"
import { make, mark } from "../../elements/element.js"
import { icon } from "../../elements/icon.js"
import { face } from "../../elements/rm-faces.js"
import { twice } from "../ask.js"
import { isCrew, isHost, PEOPLE, polled, roleWords, well, whileRole } from "./common.js"
import { pinBlock } from "./pin.js"

const LONGEST = 32

export function peopleView(here, panel, until) {
	const list = make("ul.people")
	whileRole(here, panel, until)
	const crew = isCrew(here)
	const known = crew ? polled(here, "people", until) : null
	keepRows(here, list, known, until)
	return { title: "People", body: [crew && openDoor(here), list, crew && ways(here, until), own(here)].filter(Boolean) }
}

/** The rows stay the same elements while their words change: a key under a finger is never replaced. */
function keepRows(here, list, known, until) {
	const rows = new Map()
	const draw = () => {
		const folk = folkOf(known?.value ?? null, here.people.list.value, here.store.me)
		const wanted = folk.map((one) => {
			if (!rows.has(one.key)) rows.set(one.key, row(here, one))
			rows.get(one.key).show(one)
			return rows.get(one.key)
		})
		if (wanted.length !== list.childElementCount || wanted.some((element, at) => list.children[at] !== element)) list.replaceChildren(...wanted)
	}
	until(here.people.list.watch(draw))
	if (known) until(known.watch(draw))
}

function row(here, { id }) {
	const [name, place, how] = [make("b"), make("small"), make("small.how")]
	const avatar = make("span.avatar")
	const parts = [avatar, make("span", {}, name, place, how)]
	const opened = () => here.view.panel.set({ name: "person", id, from: PEOPLE })
	const element = isHost(here) && id ? make("li", {}, make("button.opens", { press: opened }, ...parts)) : make("li", {}, ...parts)
	element.show = (one) => {
		avatar.replaceChildren(face(one))
		name.textContent = one.you ? `${one.name} (you)` : one.name
		place.textContent = roleWords(here, one)
		how.textContent = isCrew(here) ? howWords(one) : ""
		mark(element, "data-away", !isHere(one))
	}
	return element
}

function howWords(one) {
	if (!isHere(one)) return one.seen ? `not here · last seen ${ago(one.seen, Date.now())}` : "not here"
	return one.pages.map((page) => pageWords(page, Date.now())).join("\n")
}

/** Said plainly, because it is not the usual: nobody is asked for a PIN. */
function openDoor(here) {
	const words = make("p.notice", { hidden: true }, "The door is open: everybody on this network is an engineer here, without a PIN.")
	here.api("GET", "me").then(({ ok, data }) => (words.hidden = !(ok && data.open)))
	return words
}

function ways(here, until) {
	const to = (name) => () => here.view.panel.set({ name, from: PEOPLE })
	const way = (name, sign, title, words) => make("button.row", { press: to(name) }, icon(sign), make("b", {}, title), make("small", {}, words))
	return make(
		"div.field",
		{},
		make("div.rows", {}, way("invite", "join", "Invite somebody", "a code for one mix"), isHost(here) && way("policy", "lock", "Who may do what", "mixes and limits")),
		pinBlock(here, until),
	)
}

function own(here) {
	const person = here.people.you.value?.person
	const leave = async () => well(here, await here.door.leave())
	const out = person && twice("Sign out", "This device then needs the PIN or an invitation to come back.", leave)
	return make("div.field.own", {}, rename(here), out)
}

function rename({ people, prefs, link, name }) {
	const box = make("input", { type: "text", maxlength: LONGEST, "aria-label": "Your name", autocomplete: "nickname", enterkeyhint: "done" })
	box.value = people.you.value?.name ?? name()
	const form = make("form.rename", {}, make("label", {}, "Your name", box), make("button", { type: "submit" }, "Change"))
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
