/** Which DCAs and mute groups a strip belongs to, as keys with the groups' own names. */
import { make } from "../../elements/element.js"
import { houseOf } from "../../desk/mute-groups.js"
import { overKeys } from "../groups.js"
import { rows, toggle } from "./rows.js"

const KINDS = [["dca/", "DCAs", "DCA"], ["mutegroup/", "Mute groups", "Mute"]]

export function groupsPage(page, strip, until, locals) {
	const keys = KINDS.map(([prefix, title, word]) => {
		const members = locals.filter((local) => local.startsWith(prefix))
		if (members.length === 0) return null
		return make("section.group", {}, make("h3", {}, make("span", {}, title)), make("div.pads", {}, ...members.map((local) => member(page, strip, local, word, until))))
	})
	return [spillKey(page, strip), membersKey(page, strip), ...keys, overKeys(page, strip, until), ...rows(page, strip, locals.filter((local) => local === "link"), until)]
}

/** The way from a DCA to its members' faders. */
function spillKey({ view }, { kind, path }) {
	if (kind !== "dca") return null
	return make("button.wide", { press: () => [view.showSpill(path), view.panel.set(null)] }, "Show only its members")
}

/** The way from a DCA over consoles to the strips that can belong to it. */
function membersKey({ view, consoles }, { console, path }) {
	if (consoles.find(console) !== houseOf(consoles.list.value)) return null
	return make("button.wide", { press: () => view.panel.set({ name: "groups", group: path, from: view.panel.value }) }, "Members, delete")
}

/** Named as the group is: a DCA by its strip, a mute group by the console's own word if it has one. */
function member({ store }, strip, local, word, until) {
	const number = local.slice(local.indexOf("/") + 1)
	const key = toggle(`${strip.path}/${local}`, `${word} ${number}`)
	const group = local.replace("dca/", "dca")
	const name = (text) => {
		for (const attribute of ["on", "off", "aria-label"]) key.setAttribute(attribute, text || `${word} ${number}`)
		if (key.isConnected) key.draw()
	}
	until(store.watch(`${strip.console}/${group}/name`, name))
	until(store.watch(`${strip.console}/${group}/color`, (color) => (key.dataset.color = color ?? "grey")))
	return key
}
