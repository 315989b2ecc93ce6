/** A scene before it takes over where everything stands now: what it would keep in place of what. */
import { stripsOf } from "../../desk/plan.js"
import { make } from "../../elements/element.js"
import { changesText, countsOf, everything, lookAgain } from "./look.js"
import { planRow } from "./rows.js"

export function update(page, scene, { body, foot, panel }, until) {
	const { show, vocabulary, view } = page
	const [head, list, opened] = [make("div.plan-counts", { role: "status" }), make("ol.plan"), new Set()]
	const key = make("button.recall", { press: () => store() }, make("b", {}, "UPDATE"), make("small"))
	const store = async () => (await show.ask("update", { scene: scene.id, values: true })) && view.panel.set(panel.from ?? null)
	let strips = []
	const draw = () => list.replaceChildren(...strips.map((strip) => planRow(page, strip, null, { isOpen: opened.has(strip.path), unfold: () => [opened.delete(strip.path) || opened.add(strip.path), draw()] })))
	until(lookAgain(page, () => show.ask("preview", { scene: scene.id, scope: everything(vocabulary.value.sections) }), ({ values, counts }) => {
		const backwards = Object.fromEntries(Object.entries(values).map(([path, [now, kept]]) => [path, [kept, now]]))
		strips = stripsOf({ values: backwards, stays: {} }, page.consoles.strips.map(({ path }) => path))
		const [will, stays] = [Object.keys(values).length, { safe: counts.safe, held: counts.held }]
		head.replaceChildren(...countsOf({ will, strips: strips.length, stays }, "will be kept anew"))
		key.querySelector("small").textContent = `${changesText(will)} · the scene as it was goes into the bin`
		draw()
	}))
	body.append(make("p.by", {}, "Nothing on the console moves: the scene takes over where everything stands now."), head, list)
	foot.append(key)
}
