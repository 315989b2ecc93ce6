/** A musician's page: the sends into their own bus, themselves first; below, in reach of a thumb, the whole mix. */
import { stripsShown } from "../desk/layers.js"
import { stateWords } from "../desk/requests.js"
import { make, mark, wear } from "../elements/element.js"
import { buildDock } from "./mine/dock.js"
import { buildMineHeader } from "./mine/header.js"
import { groupLine, sendLine } from "./mine/lines.js"
import { canGroup, groupsOf, ownOf } from "./mine/own.js"
import { placeOf } from "./requests.js"

export function buildMusician(here) {
	const list = make("div.sends-list")
	const title = make("b")
	const advice = make("p")
	const empty = make("div.empty", { role: "status" }, make("span.pulse"), title, advice)
	const stage = make("main.mine", {}, list, empty)
	const dock = make("footer.dock")
	const draw = () => here.store.whenFree(() => {
		const mix = mixOf(here)
		const sends = mix ? stripsShown(here.consoles.list.value, null, mix) : []
		const words = emptyWords(here, mix, sends)
		mark(stage, "data-empty", Boolean(words))
		;[title.textContent, advice.textContent] = words ?? ["", ""]
		list.replaceChildren(...linesOf(here, mix, sends))
		dock.replaceChildren(...(mix && sends.length ? buildDock(here, mix, sends) : []))
		dock.hidden = dock.childElementCount === 0
	})
	for (const signal of [here.consoles.list, here.mine.mix, here.mine.rights, here.prefs.own, here.prefs.groups, here.prefs.grouped]) signal.watch(draw)
	here.link.status.watch(() => stage.hasAttribute("data-empty") && draw())
	followNames(here, draw)
	here.requests.onanswer = (request) => here.mine.page.value === "mine" && here.notices.say(`${placeOf(here, request)}: ${stateWords(request)}`)
	draw()
	return [buildMineHeader(here), stage, dock]
}

/** Suggested groups come from the channels' names; a whole welcome of them is one look. */
function followNames(here, draw) {
	const stops = []
	let [before, asked] = ["", false]
	const look = () => {
		asked = false
		const now = here.prefs.grouped.value ? JSON.stringify(groupsOf(here, here.mine.mix.value)) : ""
		if (now !== before) draw()
		before = now
	}
	const ask = () => {
		if (!asked) queueMicrotask(look)
		asked = true
	}
	here.consoles.list.watch(() => {
		for (const stop of stops.splice(0)) stop()
		for (const { path } of here.consoles.strips) stops.push(here.store.watch(`${path}/name`, ask))
	})
}

export function mixOf({ consoles, mine }) {
	return mine.mix.value ? consoles.strip(mine.mix.value) : undefined
}

function linesOf(here, mix, sends) {
	if (!mix || sends.length === 0) return []
	const own = ownOf(here, mix.path)
	const rest = sends.filter(({ path }) => path !== own)
	const inGroups = here.prefs.grouped.value && canGroup(here.mine)
	const groups = inGroups ? groupsOf(here, mix.path) : []
	const grouped = new Set(groups.flatMap(({ members }) => members))
	const single = rest.filter(({ path }) => !grouped.has(path)).map((strip) => sendLine(here, mix, strip))
	const me = sends.filter(({ path }) => path === own).map((strip) => sendLine(here, mix, strip, true))
	const together = groups.map((group, at) => groupLine(here, mix, sends, group, at)).filter(Boolean)
	const fresh = inGroups && make("button.new-group", { press: () => here.view.panel.set({ name: "group" }) }, "New group")
	return [...(me.length ? me : [whoAreYou(here)]), ...together, ...single, fresh].filter(Boolean)
}

function whoAreYou({ view }) {
	return make("button.who-are-you", { press: () => view.panel.set({ name: "me" }) }, make("b", {}, "Which one is you?"), make("span", {}, "Choose"))
}

function emptyWords({ link, mine, consoles, people, name }, mix, sends) {
	if (!link.online && !sends.length) return ["Looking for the mixer", "Is this phone still on the band's Wi-Fi?"]
	if (!mine.mix.value) return [`You are in, ${people.you.value?.name ?? name()}`, "The sound crew gives you your mix. It opens here by itself."]
	if (!mix) return consoles.strips.length ? ["This mix is not here now", "Its console may be switched off. It opens here by itself."] : ["Opening your mix", "It comes as soon as the console has answered."]
	return sends.length ? null : ["Nothing is sent into this mix", "Ask the sound crew which channels it should hear."]
}

/** The page's frame wears the mix's colour. */
export function wearMix(here, body) {
	let stop = null
	const draw = () => {
		stop?.()
		mark(body, "data-color", null)
		stop = here.mine.page.value === "mine" && here.mine.mix.value ? wear(here, { path: here.mine.mix.value }, body) : null
	}
	here.mine.mix.watch(draw)
	here.mine.page.watch(draw)
}
