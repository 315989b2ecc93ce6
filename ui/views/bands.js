/**
 * Above the bank, each in sight as long as one of its strips is: over each run of strips of one console its nickname, where there are
 * several; and over each section of a layer of one's own the title of its separator.
 */
import { make } from "../elements/element.js"

export function buildBands({ consoles }, bank) {
	const titles = row(bank, "div.whose.titles", sectionsOf, ({ title }) => make("span", {}, make("b", {}, title)))
	return make("div.overhead", {}, row(bank, "div.whose", (strips) => runsOf(consoles, strips), (run) => bandOf(consoles, run.console)), titles)
}

/** A row of bands: `find(strips)` gives the runs `{from, to}`, places in the bank, the last not included; `draw(run)` a band. */
function row(bank, what, find, draw) {
	const bands = make(what, { "aria-hidden": "true", hidden: true })
	let runs = []
	let widths = { start: 0, bank: 0, each: 0 }
	const follow = () => {
		const at = (index) => Math.min(widths.bank, Math.max(0, index * widths.each - bank.scrollLeft))
		for (const { from, to, band } of runs) {
			const [left, right] = [at(from), at(to)]
			band.hidden = right <= left
			band.style.left = `${widths.start + left}px`
			band.style.width = `${right - left}px`
		}
	}
	const size = () => {
		widths = { start: bank.offsetLeft, bank: bank.clientWidth, each: bank.firstElementChild?.offsetWidth ?? 0 }
		if (runs.length) follow()
	}
	bank.addEventListener("scroll", follow, { passive: true })
	bank.addEventListener("fitted", size)
	bank.addEventListener("filled", () => {
		runs = find([...bank.children]).map((run) => ({ ...run, band: draw(run) }))
		bands.hidden = runs.length === 0
		bands.replaceChildren(...runs.map(({ band }) => band))
		size()
	})
	return bands
}

/** Runs of strips of one console; none where all are of the only one. */
function runsOf(consoles, elements) {
	const runs = []
	elements.forEach(({ strip: { console } }, index) => {
		const last = runs[runs.length - 1]
		if (last?.console === console) last.to = index + 1
		else runs.push({ console, from: index, to: index + 1 })
	})
	return consoles.list.value.length > 1 || runs.length > 1 ? runs : []
}

/** Sections of a layer: each from its separator to the next one; none where no separator has a title. */
function sectionsOf(elements) {
	const starts = elements.flatMap(({ dataset }, index) => (dataset.section === undefined ? [] : [{ title: dataset.section, from: index }]))
	const sections = starts.map((start, at) => ({ ...start, to: starts[at + 1]?.from ?? elements.length }))
	return sections.some(({ title }) => title) ? sections : []
}

function bandOf(consoles, name) {
	const { title, tint } = consoles.find(name) ?? { title: "not here now", tint: null }
	return make("span", { "data-color": tint }, make("b", {}, name), make("small", {}, title))
}
