/** Home automation: which mixes, layers, scenes and strips Home Assistant finds by MQTT, ticked by the host. */
import { watchAll } from "../desk/signal.js"
import { make } from "../elements/element.js"
import { well } from "./people/common.js"

const WORDS = "What Home Assistant finds by itself: levels, mutes, scenes. All else can still be used by MQTT."
const NO_BROKER = "No broker is named. Start the server with --mqtt mqtt://ADDRESS."

export function announcedView(page, _, until) {
	const body = make("div.sheet")
	const links = make("p.quiet", { role: "status" })
	const ticks = make("div.sheet")
	let ticked = null
	const draw = () => ticked && ticks.replaceChildren(...sections(page, ticked, tick))
	const take = (answer) => well(page, answer) && [(ticked = answer.data), draw()]
	const tick = async (kind, entry) => take(await page.api("PUT", "announced", { ...ticked, [kind]: toggled(ticked[kind], entry) }))
	until(watchAll([page.consoles.list, page.layers.list, page.show.list], draw))
	page.api("GET", "announced").then(take)
	page.api("GET", "links").then(({ ok, data }) => (links.textContent = ok ? brokerWords(data.links) : ""))
	body.append(make("p.quiet", {}, WORDS), links, ticks)
	return { title: "Home automation", body }
}

function brokerWords(links) {
	const brokers = links.filter(({ kind }) => kind === "broker")
	return brokers.map(({ name, state }) => `${name}: ${state}`).join(" ") || NO_BROKER
}

function toggled(entries, entry) {
	return entries.includes(entry) ? entries.filter((one) => one !== entry) : [...entries, entry]
}

/** One section a kind; what is ticked and not here now stands at the end, to be unticked. */
function sections(page, ticked, tick) {
	const { consoles, layers, show } = page
	const all = consoles.strips.map(({ path, kind }) => [path, page.nameOf(path), kind])
	const rows = consoles.list.value.flatMap((console) => console.layers.map(({ name }) => [`${console.name}/${name}`, `${name} · ${console.name}`]))
	const shared = layers.list.value.filter((layer) => layer.shared).map(({ name }) => [name, name])
	const kinds = [
		["mixes", "Mixes, with the sends into them", all.filter(([, , kind]) => kind === "bus")],
		["layers", "Layers", [...rows, ...shared]],
		["scenes", "Scenes", show.list.value.scenes.map(({ id, name }) => [id, name])],
		["strips", "Strips", all],
	]
	const known = kinds.map(([kind, title, entries]) => [kind, title, entries, ticked[kind].filter((entry) => !entries.some(([here]) => here === entry))])
	return known.filter(([, , entries, gone]) => entries.length || gone.length).map(([kind, title, entries, gone]) => {
		const here = entries.map(([entry, name]) => key(kind, entry, name, ticked, tick))
		return make("section.field", {}, make("h3", {}, title), make("div.choices", {}, ...here, ...gone.map((entry) => key(kind, entry, `${entry} (not here now)`, ticked, tick))))
	})
}

function key(kind, entry, name, ticked, tick) {
	return make("button", { press: () => tick(kind, entry), "aria-pressed": String(ticked[kind].includes(entry)), "data-announced": `${kind} ${entry}` }, name)
}
