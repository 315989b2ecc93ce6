/** A scene before its recall: how much changes, what stays and why, strip by strip. Nothing moves before its one white key. */
import { chosenOf, stripsOf, Ticks } from "../../desk/plan.js"
import { titleOf } from "../../desk/setlist.js"
import { Signal } from "../../desk/signal.js"
import { make } from "../../elements/element.js"
import { fadeKeys } from "./fade.js"
import { changesText, countsOf, everything, lookAgain } from "./look.js"
import { matchTable } from "./match.js"
import { planRow } from "./rows.js"
import { update } from "./update.js"

const GONE = "There is no such scene: perhaps somebody has deleted it."

export function sceneView(page, panel, until) {
	const { show } = page
	const body = make("div.preview")
	const foot = make("div.show-foot")
	const scene = show.find(panel.scene)
	if (scene) (panel.update ? update : preview)(page, scene, { body, foot, panel }, until)
	else {
		body.append(make("p.quiet", { role: "status" }, show.isKnown ? GONE : "Loading…"))
		until(show.list.watch(() => show.find(panel.scene) && page.view.panel.tell()))
	}
	return { title: scene ? `${panel.update ? "Update " : ""}${titleOf(scene)}` : "Scene", body, foot: scene ? foot : null }
}

function preview(page, scene, { body, foot }, until) {
	const { show, vocabulary } = page
	const table = vocabulary.value.sections
	const [head, sections, list] = [make("div.plan-counts", { role: "status" }), make("div.plan-sections", { role: "group", "aria-label": "What is recalled" }), make("ol.plan")]
	const fade = fadeKeys(scene.fade, () => draw())
	const key = make("button.recall", { press: () => recall() }, make("b", {}, "RECALL"), make("small"))
	const wish = new Signal(0)
	const match = matchTable(page, () => wish.set(wish.value + 1))
	let [strips, ticks, opened] = [null, null, new Set()]
	const take = ({ values, stays, match: found }) => {
		strips = stripsOf({ values, stays }, page.consoles.strips.map(({ path }) => path))
		ticks ??= new Ticks(table, scopeHere(scene.scope, found), strips)
		match.take(found, Object.keys({ ...values, ...stays }))
		draw()
	}
	const flip = (act) => () => [act(), draw()]
	const draw = () => {
		if (!strips) return
		const chosen = chosenOf(strips, ticks)
		show.targets.set(chosen.targets)
		head.replaceChildren(...countsOf(chosen))
		sections.replaceChildren(...sectionKeys(table, ticks, ticks.counts(strips), flip))
		list.replaceChildren(...strips.map((strip) => planRow(page, strip, ticks, { isOpen: opened.has(strip.path), tick: flip(() => ticks.toggleStrip(strip.path)), unfold: flip(() => flipIn(opened, strip.path)) })))
		key.querySelector("small").textContent = `${changesText(chosen.will)}${fade.seconds ? ` over ${fade.seconds} s` : ""} · back for 30 s after`
		key.disabled = chosen.will === 0
	}
	const recall = async () => {
		key.disabled = true
		const answer = await show.ask("recall", { scene: scene.id, scope: ticks.scope(strips), fade: fade.seconds, match: match.table() })
		key.disabled = false
		if (!answer) return
		stays = answer.recall.over ? new Map() : show.targets.value
		page.view.panel.set(null)
	}
	let stays = new Map()
	until(lookAgain(page, () => show.ask("preview", { scene: scene.id, scope: everything(table), match: match.table() }), take, wish))
	until(() => show.targets.set(stays))
	body.append(make("p.by", {}, [scene.kind === "moment" ? "kept by itself" : `by ${scene.by}`, scene.note].filter(Boolean).join(" · ")), head, match.element, sections, list)
	foot.append(fade.element, key)
}

/** A scene's own scope by the strips here. */
function scopeHere({ consoles, strips, sections }, match) {
	if (Object.keys(match).length === 0) return { consoles, strips, sections }
	return { consoles: null, strips: strips?.map((strip) => match[strip]?.to ?? strip) ?? null, sections }
}

function sectionKeys({ names }, ticks, counts, flip) {
	const shown = Object.entries(names).filter(([name]) => counts[name] > 0)
	return shown.map(([name, word]) => make("button", { press: flip(() => ticks.toggleSection(name)), "aria-pressed": String(ticks.hasSection(name)) }, word, make("small", {}, `${counts[name]}`)))
}

function flipIn(set, one) {
	if (!set.delete(one)) set.add(one)
}
