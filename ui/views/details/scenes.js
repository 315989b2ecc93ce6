/** The scenes of a console: the one that stands is marked, and a tap on another asks before it is recalled. */
import { make, mark } from "../../elements/element.js"

export function scenesView(page, { console: name }, until) {
	const console = page.consoles.find(name)
	if (!console) return { title: "Console scenes", body: make("p.quiet", {}, "Console not available.") }
	const list = make("ol.scenes")
	let [asking, strayed] = [null, null]
	const ask = (number) => {
		asking = asking === number ? null : number
		draw()
	}
	const draw = () => {
		const scenes = page.scenes.list(page.consoles.find(name) ?? console)
		list.replaceChildren(...scenes.map((scene) => row(page, console, scene, { asking: asking === scene.number, strayed: strayed === scene.number }, ask)))
		if (scenes.length === 0) list.append(make("li.quiet", {}, "No named scenes on this console."))
		list.querySelector(".sure button")?.focus({ preventScroll: true })
	}
	const later = once(draw)
	for (const local of console.params.filter((local) => local.startsWith("scene/"))) until(page.store.watch(`${name}/${local}`, later))
	until(page.scenes.moved.watch((moved) => (strayed = moved.get(name) ?? strayed)))
	until(() => page.scenes.seen(name))
	draw()
	return { title: "Console scenes", body: list }
}

/** A hundred names that come at once are drawn once. */
function once(draw) {
	let waiting = false
	return () => {
		if (!waiting) requestAnimationFrame(() => draw((waiting = false)))
		waiting = true
	}
}

function row(page, console, { number, name }, { asking, strayed }, ask) {
	const current = page.scenes.current(console.name) === number
	const can = page.scenes.canRecall(console, number)
	const words = [make("small", {}, `${number}`), make("b", {}, name || "(unnamed)"), current && make("em", {}, strayed ? "changed elsewhere" : "current"), page.scenes.highlighted(console.name) === number && make("em", {}, "highlighted")]
	const key = can ? make("button", { press: () => ask(number), "aria-expanded": String(asking) }, ...words) : make("div", {}, ...words)
	mark(key, "aria-current", current && "true")
	return make("li", {}, key, asking && sure(page, console, number, ask))
}

/** Away from where the finger just was, and never by default. */
function sure(page, console, number, ask) {
	const recall = () => {
		ask(null)
		page.scenes.recall(console.name, number)
	}
	const words = make("p", {}, "Recall changes faders and mutes for everyone.")
	return make("div.sure", { role: "alertdialog", "aria-label": `Recall scene ${number}?` }, words, make("button", { press: () => ask(null) }, "Cancel"), make("button.go", { press: recall }, `Recall ${number}`))
}
