/** What a musician's page opens: who am I, one send, one group, and the rest. */
import { make, wear } from "../../elements/element.js"
import { icon } from "../../elements/icon.js"
import { twice } from "../ask.js"
import { lockPage } from "../lock.js"
import { nameOf } from "../placing.js"
import { forgetGroups, groupsOf, ownOf, sendsInto, setGroups, setOwn } from "./own.js"

const LONGEST = 16
const MORE = { name: "mymore" }

/** Chosen once: which channel is the own one. */
export function meView(here, { from }) {
	const mix = here.mine.mix.value
	const press = (strip) => {
		setOwn(here, mix, strip.path)
		here.view.panel.set(from ?? null)
	}
	const one = (strip) => choiceOf(here, strip, ownOf(here, mix) === strip.path, () => press(strip))
	const words = make("p.quiet", {}, "Your own channel stands first, and “More me” lifts it. This device remembers it.")
	return { title: "Which one is you?", body: [words, make("div.choices", {}, ...sendsInto(here, mix).map(one))] }
}

function choiceOf({ store }, strip, chosen, press) {
	return make("button", { press, "data-color": store.get(`${strip.path}/color`), "aria-pressed": String(chosen) }, nameOf({ store }, strip))
}

/** One send: its level in figures, pan, mute, and whether it is the own one. */
export function sendView(here, { path }, until) {
	const strip = here.consoles.strip(path)
	const [mix, id] = [here.mine.mix.value, here.mine.mix.value.split("/")[1]]
	if (!strip) return { title: "Send", body: [make("p.quiet", {}, "This channel is gone.")] }
	const part = (local, tag, attributes) => strip.has(`send/${id}/${local}`) && make(tag, { "data-path": `${path}/send/${id}/${local}`, ...attributes })
	const field = (word, one) => one && make("div.field", {}, word, one)
	const sheet = make("div.sheet", {}, field("Level in your mix", part("level", "rm-readout", { unit: true })), field("Pan in your mix", part("pan", "rm-pan", { "aria-label": "Pan" })), field("Mute in your mix", part("mute", "rm-toggle.mute", { off: "MUTE", on: "MUTED", "aria-label": "Mute" })), meKey(here, mix, strip))
	until(wear(here, strip, sheet))
	return { title: nameOf(here, strip), body: sheet }
}

function meKey(here, mix, { path }) {
	if (ownOf(here, mix) === path) return make("button.wide", { press: () => here.view.panel.set({ name: "me" }) }, "This is you. Change it")
	const press = () => {
		setOwn(here, mix, path)
		here.view.panel.set(null)
	}
	return make("button.wide", { press }, "This is me")
}

/** A group: its name and its channels; without `at` a new one. */
export function groupView(here, { at }) {
	const mix = here.mine.mix.value
	const groups = groupsOf(here, mix)
	const group = groups[at] ?? { name: "", members: [] }
	const chosen = new Set(group.members)
	const box = make("input", { type: "text", maxlength: LONGEST, placeholder: "Name, say Drums", "aria-label": "Name of the group", enterkeyhint: "done" })
	box.value = group.name
	const form = make("form.rename", {}, make("label", {}, "Name", box), make("button", { type: "submit" }, "Keep"))
	form.addEventListener("submit", (event) => {
		event.preventDefault()
		if (chosen.size === 0) return here.notices.say("Choose at least one channel.")
		const fresh = { name: box.value.trim() || "Group", members: [...chosen] }
		setGroups(here, mix, groups[at] ? groups.with(at, fresh) : [...groups, fresh])
		here.view.panel.set(null)
	})
	const away = groups[at] && twice("Remove this group", "Its channels stay as they are.", () => {
		setGroups(here, mix, groups.toSpliced(at, 1))
		here.view.panel.set(null)
	})
	return { title: groups[at] ? group.name : "New group", body: [form, make("div.choices", {}, ...sendsInto(here, mix).map((strip) => member(here, strip, chosen))), away].filter(Boolean) }
}

function member(here, strip, chosen) {
	const one = choiceOf(here, strip, chosen.has(strip.path), () => {
		if (!chosen.delete(strip.path)) chosen.add(strip.path)
		one.setAttribute("aria-pressed", String(chosen.has(strip.path)))
	})
	return one
}

export function myMoreView(here, panel, until) {
	const { view, mine, server, prefs } = here
	const open = (name, symbol, title, words) => make("button.row", { press: () => view.panel.set({ name, from: MORE }) }, icon(symbol), make("b", {}, title), make("small", {}, words))
	const lock = make("button.row", { press: () => lockPage(view) }, icon("lock"), make("b", {}, "Lock this page"), make("small", {}, "for a phone in a pocket"))
	const me = mine.page.value === "mine" && open("me", "me", "My channel", "stands first")
	const asked = here.requests.list.value.length > 0 && open("requests", "requests", "What I asked for", "and what became of it")
	const rows = [me, asked, open("people", "people", "People", "who is here, and your own name"), open("settings", "settings", "Settings", "light, text size, meters, hand"), lock]
	const names = make("div")
	until(prefs.groups.watch((kept) => names.replaceChildren(kept[mine.mix.value] ? resetGroups(here) : "")))
	const out = twice("Sign out", "This phone then needs the PIN or an invitation to come back.", () => leave(here))
	return { title: "More", body: [make("div.rows", {}, ...rows.filter(Boolean)), names, out, make("p.quiet", {}, `Remote Mixer ${server.value?.version ?? ""}`)] }
}

function resetGroups(here) {
	return twice("Groups as suggested", "Your own groups go from this device.", () => forgetGroups(here, here.mine.mix.value))
}

async function leave({ door, notices }) {
	const answer = await door.leave()
	if (!answer.ok) notices.say(answer.text, "error")
}
