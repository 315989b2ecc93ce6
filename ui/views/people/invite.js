/** Invitations: a QR code to join without the PIN, with a role and a mix; and the open invitations. */
import { buses } from "../../desk/layers.js"
import { Signal } from "../../desk/signal.js"
import { make } from "../../elements/element.js"
import { Polled, roleWords, segments, selectOf, well, whileRole } from "./common.js"
import { invitationCode } from "./code.js"

/** An engineer may invite the first two, a host all. */
const ROLES = ["musician", "guest", "engineer", "host"]
const KINDS = [["once", "One person"], ["day", "Everyone today"]]
const KIND_WORDS = { once: "one person", day: "everyone today" }
const OVER = "This code was used or revoked. It is no longer valid."
const NO_MIX = "No mix for a musician: no console has a bus."

export function inviteView(page, panel, until) {
	whileRole(page, panel, until)
	const known = new Polled(page, "invitations", until)
	const place = make("div.made", { "aria-live": "polite" })
	const open = make("ul.people.open")
	const form = asking(page, panel.mix, (made) => {
		place.dataset.id = made.id
		place.replaceChildren(...invitationCode(page, made), another)
		known.again()
	})
	const another = make("button.wide", { press: () => [delete place.dataset.id, place.replaceChildren(form)] }, "New invitation")
	place.append(form)
	until(
		known.watch((answer) => {
			drawOpen(page, open, answer?.invitations ?? [], known)
			if (isOver(place.dataset, answer?.invitations ?? [])) place.replaceChildren(make("p.done", {}, OVER), another)
		}),
	)
	return { title: "Invite", body: [place, make("div.field", {}, make("h3", {}, "Open invitations"), open)] }
}

/** The code on the screen was open and is so no longer: said once. The list may be from before it was made. */
function isOver(shown, open) {
	const isListed = open.some(({ id }) => id === shown.id)
	const over = Boolean(shown.listed) && shown.listed === shown.id && !isListed
	if (isListed) shown.listed = shown.id
	if (over) delete shown.listed
	return over
}

/** The form, which begins with a mix where one is asked for; its choices are kept for the next invitation. */
function asking(page, asked, made) {
	const mixes = buses(page.consoles.list.value).map(({ path }) => [path, page.nameOf(path)])
	const wish = { role: new Signal(mixes.length ? "musician" : "guest"), mix: asked ?? mixes[0]?.[0] ?? "", kind: new Signal("once") }
	const mix = mixes.length ? selectOf("Mix", mixes, wish.mix, (path) => (wish.mix = path)) : make("p.quiet", {}, NO_MIX)
	const roles = ROLES.slice(0, page.people.isHost ? 4 : 2).map((one) => [one, page.vocabulary.value.roles[one].name])
	wish.role.watch((chosen) => (mix.hidden = mixes.length > 0 && chosen !== "musician"))
	const ask = async () => {
		const [role, kind] = [wish.role.value, wish.kind.value]
		const answer = await page.api("POST", "invitations", { role, kind, mix: role === "musician" ? wish.mix : "" })
		if (well(page, answer)) made(answer.data)
	}
	return make("div.sheet", {}, segments("Role", roles, wish.role), mix, segments("For", KINDS, wish.kind), make("button.go", { press: ask }, "Create QR code"))
}

/** Drawn anew only when the list is another: a key under a finger stays. */
function drawOpen(page, list, open, known) {
	const key = JSON.stringify(open)
	if (list.dataset.drawn === key) return
	list.dataset.drawn = key
	list.replaceChildren(...(open.length ? open.map((one) => row(page, one, known)) : [make("li.quiet", {}, "None.")]))
}

function row(page, one, known) {
	const words = roleWords(page, one)
	const withdraw = async () => {
		well(page, await page.api("DELETE", `invitations/${one.id}`))
		known.again()
	}
	return make("li", {}, make("span", {}, make("b", {}, words), make("small", {}, details(one))), make("button.small", { press: withdraw, "aria-label": `Revoke: ${words}` }, "Revoke"))
}

function details({ kind, ends, used }) {
	const hour = new Date(ends).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })
	return [KIND_WORDS[kind], used > 0 && `used ${used} ×`, `until ${hour}`].filter(Boolean).join(" · ")
}
