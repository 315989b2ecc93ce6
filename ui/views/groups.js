/** Groups over consoles: made, named, coloured, deleted, and given members of any console; for the sound crew. */
import { consoleOf } from "../desk/consoles.js"
import { groupName, groupsOver, listed, mixersOf, toggled } from "../desk/mute-groups.js"
import { make, mark, wear } from "../elements/element.js"
import { askName, twice } from "./ask.js"
import { coloured, named } from "./details/naming.js"
import { putBack } from "./putback.js"
import { counted } from "./words.js"

const WORDS = "A group has members of any console. A DCA moves their faders by the same dB; a mute group mutes them."
const KINDS = [["dca", "New DCA"], ["mutegroup", "New mute group"]]
const LONGEST = 32

export function groupsView(page, { group, deleted }, until) {
	const paths = groupsOver(page.consoles.list.value)
	return paths.includes(group) ? editor(page, group, until) : chooser(page, deleted, until)
}

function open(view, group) {
	view.panel.set({ name: "groups", group, from: { name: "groups" } })
}

// All groups

function chooser(page, deleted, until) {
	const list = make("div.rows")
	let stops = []
	until(page.consoles.list.watch(() => {
		for (const stop of stops.splice(0)) stop()
		list.replaceChildren(...groupsOver(page.consoles.list.value).map((path) => row(page, path, (stop) => stops.push(stop))))
	}))
	until(() => stops.forEach((stop) => stop()))
	const forms = KINDS.map(([kind, word]) => askName(word, "Make", LONGEST, (name) => create(page, kind, name)))
	return { title: "Groups", body: [make("p.quiet", {}, WORDS), deleted ? putBack(page, deleted) : "", list, ...forms] }
}

function row(page, path, until) {
	const { store, view } = page
	const [title, words] = [make("b"), make("small")]
	const one = make("button.row.group-row", { press: () => open(view, path), "data-group": path }, make("i"), title, words)
	const draw = () => {
		title.textContent = groupName(page, path)
		const [all, missing, behind] = ["members", "missing", "behind"].map((list) => listed(store.get(`${path}/${list}`)).length)
		const notes = [counted(all), missing && `${missing} missing`, behind && `${behind} behind`]
		words.textContent = notes.filter(Boolean).join(", ")
	}
	for (const local of ["name", "members", "missing", "behind"]) until(store.watch(`${path}/${local}`, draw))
	until(wear(page, { path, label: "" }, one))
	draw()
	return one
}

/** Makes a group as a move of this page: the console of groups is not known here before it has one. */
async function create({ api, notices, view, prefs }, kind, name) {
	const { ok, data, text } = await api("POST", "groups", { kind, name, client: prefs.client.value })
	if (ok) open(view, data.path)
	else notices.say(text)
}

// One group

function editor(page, path, until) {
	const strip = page.consoles.strip(path) ?? muteGroup(page, path)
	const parts = [named(page, strip, until), coloured(page, strip, until), behind(page, path, until)]
	const choices = mixersOf(page.consoles.list.value).map((console) => choicesOf(page, path, console, until))
	return { title: groupName(page, path), body: [make("div.sheet.group-sheet", {}, ...parts.filter(Boolean), ...choices, missing(page, path, until), drop(page, path))] }
}

/** A mute group in the form of a strip: its name and colour are params of its console's own. */
function muteGroup({ consoles }, path) {
	return { path, label: `Mute ${path.split("/").pop()}`, has: (local) => consoles.param(`${path}/${local}`) !== undefined }
}

function choicesOf(page, group, console, until) {
	const isDca = Boolean(page.consoles.strip(group))
	const mutes = isDca ? [] : console.params.filter((local) => /^mutegroup\/\d+$/.test(local)).map((local) => ({ path: `${console.name}/${local}`, label: `Mute ${local.split("/").pop()}` }))
	const keys = [...console.strips, ...mutes].map((one) => memberKey(page, group, one, until))
	return make("div.field", {}, mixersOf(page.consoles.list.value).length > 1 ? `Members of ${console.name}` : "Members", make("div.choices", {}, ...keys))
}

/** A member whose console gives no dB moves by the law of a usual fader: "≈". */
function memberKey({ store, notices, consoles }, group, { path, label }, until) {
	const members = `${group}/members`
	const draw = () => {
		const roughly = listed(store.get(`${group}/by_position`)).includes(path)
		key.textContent = `${store.get(`${path}/name`) || label}${roughly ? " ≈" : ""}`
		mark(key, "aria-description", roughly && "moves by position: its console gives no dB")
	}
	const press = () => store.set(members, toggled(store.get(members), path)) || notices.inert()
	const key = make("button", { press, "data-member": path })
	until(store.watch(members, (text) => mark(key, "aria-pressed", String(listed(text).includes(path)))))
	for (const each of [`${path}/name`, `${group}/by_position`]) until(store.watch(each, draw))
	draw()
	mark(key, "data-color", consoles.colorOf(path, store.get(`${path}/color`)))
	return key
}

/** Members that stood still while their console was offline; they catch up when somebody wants it. */
function behind(page, group, until) {
	const { store } = page
	const words = make("p")
	const catchUp = () => page.act(consoleOf(group), "catch_up", { group })
	const box = make("div.behind", { role: "status" }, words, make("button.wide", { press: catchUp }, "Catch up"))
	until(store.watch(`${group}/behind`, (text) => {
		box.hidden = !text
		words.textContent = `Offline while the group moved: ${listed(text).map((path) => page.nameOf(path)).join(", ")}.`
	}))
	return box
}

/** Members that no console here has are named, and stay until they are taken out. */
function missing(page, group, until) {
	const { store } = page
	const box = make("div.field.missing")
	until(store.watch(`${group}/missing`, (text) => {
		box.hidden = !text
		const out = (path) => store.set(`${group}/members`, toggled(store.get(`${group}/members`), path))
		box.replaceChildren("Not here now", make("div.choices", {}, ...listed(text).map((path) => make("button", { press: () => out(path), "aria-pressed": "true", "aria-label": `Take ${path} out` }, path))))
	}))
	return box
}

function drop(page, path) {
	return twice("Delete group", "Delete this group for everyone? Its members stay where they are.", async () => {
		const deleted = { path, name: groupName(page, path) }
		if (await page.act(consoleOf(path), "remove", { group: path })) page.view.panel.set({ name: "groups", deleted })
	})
}

/** Keys of the groups over consoles, for the strip at `path`: pressed where it belongs. */
export function overKeys(page, { path, console }, until) {
	const groups = groupsOver(page.consoles.list.value)
	if (!page.people.isCrew || groups.length === 0 || groups.some((group) => consoleOf(group) === console)) return null
	const keys = groups.map((group) => groupKey(page, group, path, until))
	return make("section.group", {}, make("h3", {}, make("span", {}, "Groups over consoles")), make("div.choices", {}, ...keys))
}

function groupKey(page, group, strip, until) {
	const { store, notices } = page
	const members = `${group}/members`
	const key = make("button", { press: () => store.set(members, toggled(store.get(members), strip)) || notices.inert(), "data-group": group })
	until(store.watch(members, (text) => mark(key, "aria-pressed", String(listed(text).includes(strip)))))
	until(store.watch(`${group}/name`, () => (key.textContent = groupName(page, group))))
	until(wear(page, { path: group, label: "" }, key))
	key.textContent = groupName(page, group)
	return key
}
