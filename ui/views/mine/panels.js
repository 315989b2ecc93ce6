/** Panels of a musician's page: my channel, one send, one group, and more. */
import { make, wear } from "../../elements/element.js"
import { icon } from "../../elements/icon.js"
import { twice } from "../ask.js"
import { lockPage } from "../lock.js"
import { forgetGroups, groupsOf, ownOf, sendsInto, setGroups, setOwn } from "./own.js"

const LONGEST = 16
const MORE = { name: "mymore" }

/** Chosen once: which channel is the own one. */
export function meView(page, { from }) {
	const mix = page.mine.mix.value
	const press = (strip) => {
		setOwn(page, mix, strip.path)
		page.view.panel.set(from ?? null)
	}
	const one = (strip) => choiceOf(page, strip, ownOf(page, mix) === strip.path, () => press(strip))
	const words = make("p.quiet", {}, "Your channel comes first, and “More me” raises it. Saved on this device.")
	return { title: "Which channel is yours?", body: [words, make("div.choices", {}, ...sendsInto(page, mix).map(one))] }
}

function choiceOf(page, strip, chosen, press) {
	return make("button", { press, "data-color": page.store.get(`${strip.path}/color`), "aria-pressed": String(chosen) }, page.nameOf(strip.path))
}

/** One send: its level in figures, pan, mute, and whether it is the own one. */
export function sendView(page, { path }, until) {
	const strip = page.consoles.strip(path)
	const [mix, id] = [page.mine.mix.value, page.mine.mix.value.split("/")[1]]
	if (!strip) return { title: "Send", body: [make("p.quiet", {}, "Channel not available.")] }
	const part = (local, tag, attributes) => strip.has(`send/${id}/${local}`) && make(tag, { "data-path": `${path}/send/${id}/${local}`, ...attributes })
	const field = (word, one) => one && make("div.field", {}, word, one)
	const sheet = make("div.sheet", {}, field("Level", part("level", "rm-readout", { unit: true })), field("Pan", part("pan", "rm-pan", { "aria-label": "Pan" })), field("Mute", part("mute", "rm-toggle.mute", { off: "MUTE", on: "MUTED", "aria-label": "Mute" })), meKey(page, mix, strip))
	until(wear(page, strip, sheet))
	return { title: page.nameOf(path), body: sheet }
}

function meKey(page, mix, { path }) {
	if (ownOf(page, mix) === path) return make("button.wide", { press: () => page.view.panel.set({ name: "me" }) }, "Change my channel")
	const press = () => {
		setOwn(page, mix, path)
		page.view.panel.set(null)
	}
	return make("button.wide", { press }, "This is my channel")
}

/** A group: its name and its channels; without `at` a new one. */
export function groupView(page, { at }) {
	const mix = page.mine.mix.value
	const groups = groupsOf(page, mix)
	const group = groups[at] ?? { name: "", members: [] }
	const chosen = new Set(group.members)
	const box = make("input", { type: "text", maxlength: LONGEST, placeholder: "Drums", "aria-label": "Group name", enterkeyhint: "done" })
	box.value = group.name
	const form = make("form.rename", {}, make("label", {}, "Name", box), make("button", { type: "submit" }, "Save"))
	form.addEventListener("submit", (event) => {
		event.preventDefault()
		if (chosen.size === 0) return page.notices.say("Select at least one channel.")
		const fresh = { name: box.value.trim() || "Group", members: [...chosen] }
		setGroups(page, mix, groups[at] ? groups.map((group, place) => (place === at ? fresh : group)) : [...groups, fresh])
		page.view.panel.set(null)
	})
	const away = groups[at] && twice("Delete group", "The levels stay as they are.", () => {
		setGroups(page, mix, groups.filter((_, place) => place !== at))
		page.view.panel.set(null)
	})
	return { title: groups[at] ? group.name : "New group", body: [form, make("div.choices", {}, ...sendsInto(page, mix).map((strip) => member(page, strip, chosen))), away].filter(Boolean) }
}

function member(page, strip, chosen) {
	const one = choiceOf(page, strip, chosen.has(strip.path), () => {
		if (!chosen.delete(strip.path)) chosen.add(strip.path)
		one.setAttribute("aria-pressed", String(chosen.has(strip.path)))
	})
	return one
}

export function myMoreView(page, panel, until) {
	const { view, mine, server, prefs } = page
	const open = (name, symbol, title, words) => make("button.row", { press: () => view.panel.set({ name, from: MORE }) }, icon(symbol), make("b", {}, title), make("small", {}, words))
	const lock = make("button.row", { press: () => lockPage(page) }, icon("lock"), make("b", {}, "Lock page"), make("small", {}, "against accidental touches"))
	const me = mine.page.value === "mine" && open("me", "me", "My channel", "comes first")
	const asked = page.requests.list.value.length > 0 && open("requests", "requests", "My requests", "and their answers")
	const saved = me && open("saved", "show", "Saved mixes", "save and recall your sends")
	const history = me && open("history", "history", "History", "who moved your mix, put it back")
	const rows = [me, saved, history, asked, open("people", "people", "People", "connected, your name"), open("settings", "settings", "Settings", "theme, text, meters, side"), open("help", "help", "Help", "gestures and keys"), lock]
	const names = make("div")
	until(prefs.groups.watch((kept) => names.replaceChildren(kept[mine.mix.value] ? resetGroups(page) : "")))
	const out = twice("Sign out", "To join again, this phone needs the PIN or an invitation.", () => leave(page))
	return { title: "More", body: [make("div.rows", {}, ...rows.filter(Boolean)), names, out, make("p.quiet", {}, `Remote Mixer ${server.value?.version ?? ""}`)] }
}

function resetGroups(page) {
	return twice("Reset groups", "Replace your groups with the suggested ones?", () => forgetGroups(page, page.mine.mix.value))
}

async function leave({ join, notices }) {
	const answer = await join.leave()
	if (!answer.ok) notices.say(answer.text, "error")
}
