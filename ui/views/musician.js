/** A musician's page: the sends into their own bus, their own channel first; the mix level at the foot. Fetched by those who have one. */
import { stripsShown } from "../desk/layers.js"
import { watchAll } from "../desk/signal.js"
import { define } from "../elements/all.js"
import { make, mark, measure, wear } from "../elements/element.js"
import { RmAsk } from "../elements/rm-ask.js"
import { RmGroup } from "../elements/rm-group.js"
import { RmLine } from "../elements/rm-line.js"
import { RmQuick } from "../elements/rm-quick.js"
import { buildDock } from "./mine/dock.js"
import { buildMineHeader } from "./mine/header.js"
import { inLayer, layerTabs } from "./mine/layers.js"
import { groupLine, sendLine, standing } from "./mine/lines.js"
import { canGroup, groupsOf, ownOf } from "./mine/own.js"

/** Px that a standing fader needs, and two rows of them. */
const LEAST_WIDE_PX = 100
const LEAST_TALL_PX = 640

export function buildMusician(page) {
	const [tabs, list] = [make("nav.mine-layers", { "aria-label": "Layers", hidden: true }), make("div.sends-list")]
	const title = make("b")
	const advice = make("p")
	const out = make("button.wide", { press: () => page.view.showMix(null) }, "My mix")
	const empty = make("div.empty", { role: "status" }, make("div.words", {}, title, advice, out))
	const stage = make("main.mine", {}, tabs, list, empty)
	const dock = make("footer.dock")
	const draw = () => page.store.whenFree(() => {
		const mix = isElsewhere(page) ? undefined : mixOf(page)
		const sends = mix ? stripsShown(page.consoles.list.value, null, mix) : []
		const words = emptyWords(page, mix, sends)
		mark(stage, "data-empty", Boolean(words))
		;[title.textContent, advice.textContent] = words ?? ["", ""]
		out.hidden = !isElsewhere(page)
		mark(list, "data-standing", standing.matches)
		tabs.replaceChildren(...(mix ? layerTabs(page) : []))
		tabs.hidden = tabs.childElementCount === 0
		list.replaceChildren(...linesOf(page, mix, sends))
		stand(list)
		dock.replaceChildren(...(mix && sends.length ? buildDock(page, mix, sends) : []))
		dock.hidden = dock.childElementCount === 0
	})
	watchAll([page.consoles.list, page.view.mix, page.mine.mix, page.mine.rights, page.prefs.own, page.prefs.groups, page.prefs.grouped, page.prefs.layer], draw)
	page.layers.list.watch((all) => (all.length > 0 || !tabs.hidden) && draw())
	page.link.status.watch(() => stage.hasAttribute("data-empty") && draw())
	standing.addEventListener("change", draw)
	measure(stage, () => stand(list))
	followNames(page, draw)
	wearMix(page, document.body)
	draw()
	return [buildMineHeader(page), stage, dock]
}

/** Standing faders: one row where all fit, or where two would be short; else two, the own channel as tall as both. */
function stand(list) {
	const { clientWidth: width, clientHeight: height, childElementCount: count } = list
	const own = list.querySelector(":scope > [data-own]")
	const who = list.querySelector(":scope > .who-are-you")
	const others = count - (own || who ? 1 : 0)
	mark(list, "data-first", own ? "own" : who && "who")
	const rows = others * LEAST_WIDE_PX + (own?.clientWidth ?? 0) <= width || height < LEAST_TALL_PX ? 1 : 2
	list.style.setProperty("--rows", rows)
	list.style.setProperty("--across", Math.max(1, Math.ceil(others / rows)))
}

/** Suggested groups come from the channels' names; a whole welcome of them is one look. */
function followNames(page, draw) {
	const stops = []
	let [before, asked] = ["", false]
	const look = () => {
		asked = false
		const now = page.prefs.grouped.value ? JSON.stringify(groupsOf(page, page.mine.mix.value)) : ""
		if (now !== before) draw()
		before = now
	}
	const ask = () => {
		if (!asked) queueMicrotask(look)
		asked = true
	}
	page.consoles.list.watch(() => {
		for (const stop of stops.splice(0)) stop()
		for (const { path } of page.consoles.strips) stops.push(page.store.watch(`${path}/name`, ask))
	})
}

/** Whether the address names a mix that is not the own one. */
function isElsewhere({ view, mine }) {
	return Boolean(mine.mix.value) && view.mix.value !== null && view.mix.value !== mine.mix.value
}

function mixOf({ consoles, mine }) {
	return mine.mix.value ? consoles.strip(mine.mix.value) : undefined
}

function linesOf(page, mix, sends) {
	if (!mix || sends.length === 0) return []
	const own = ownOf(page, mix.path)
	const rest = inLayer(page, sends).filter(({ path }) => path !== own)
	const inGroups = page.prefs.grouped.value && canGroup(page.mine)
	const groups = inGroups ? groupsOf(page, mix.path) : []
	const grouped = new Set(groups.flatMap(({ members }) => members))
	const single = rest.filter(({ path }) => !grouped.has(path)).map((strip) => sendLine(page, mix, strip))
	const me = sends.filter(({ path }) => path === own).map((strip) => sendLine(page, mix, strip, true))
	const together = groups.map((group, at) => groupLine(page, mix, sends, group, at)).filter(Boolean)
	const fresh = inGroups && make("button.new-group", { press: () => page.view.panel.set({ name: "group" }) }, "New group")
	return [...(me.length ? me : [whoAreYou(page)]), ...together, ...single, fresh].filter(Boolean)
}

function whoAreYou({ view }) {
	return make("button.who-are-you", { press: () => view.panel.set({ name: "me" }) }, make("b", {}, "Which channel is yours?"), make("span", {}, "Select"))
}

function emptyWords(page, mix, sends) {
	const { link, mine, consoles, people, name } = page
	if (!link.online && !sends.length) return ["Looking for the mixer", "Check this phone's Wi-Fi."]
	if (!mine.mix.value) return [`Welcome, ${people.you.value?.name ?? name}`, "The sound crew will assign your mix. It opens here automatically."]
	if (isElsewhere(page)) return ["Not your mix", "That address leads to another mix, which only its musician and the sound crew can open."]
	if (!mix) return consoles.strips.length ? ["Mix not available", "Its console may be off. The mix opens here automatically."] : ["Opening your mix", "Waiting for the console."]
	return sends.length ? null : ["No channels in this mix", "Ask the sound crew to add some."]
}

/** The page's frame wears the mix's colour. */
function wearMix(page, body) {
	let stop = null
	const draw = () => {
		stop?.()
		if (page.mine.page.value === "mixer") return
		mark(body, "data-color", null)
		stop = page.mine.page.value === "mine" && page.mine.mix.value ? wear(page, { path: page.mine.mix.value }, body) : null
	}
	watchAll([page.mine.mix, page.mine.page, page.consoles.list], draw)
}

define([RmAsk, RmGroup, RmLine, RmQuick])
