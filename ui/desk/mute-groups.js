/** Mute groups and DCAs, of a console or of our own over consoles: their members, and which strips they silence. */

/** Our own console's word for its driver: its strips and mute groups have members of any console, each in a list. */
const HOUSE = "house"

/** The consoles but our own. */
export function mixersOf(consoles) {
	return consoles.filter(({ driver }) => driver !== HOUSE)
}

/** Our own console of groups; undefined while it has none. */
export function houseOf(consoles) {
	return consoles.find(({ driver }) => driver === HOUSE)
}

/** The paths of the groups over consoles, DCAs first: `house/dca1`, `house/mutegroup/2`. */
export function groupsOver(consoles) {
	const house = houseOf(consoles)
	return house ? [...house.strips.map(({ path }) => path), ...muteGroupsOf(house).map((number) => `${house.name}/mutegroup/${number}`)] : []
}

/** The strips in a list that a param holds as text. */
export function listed(text) {
	return text ? text.split(" ") : []
}

/** The list of a group over consoles with a member more, or one less. */
export function toggled(text, strip) {
	const members = listed(text)
	return (members.includes(strip) ? members.filter((one) => one !== strip) : [...members, strip]).join(" ")
}

/** The numbers of a console's mute groups, as it prints them. */
export function muteGroupsOf({ params }) {
	return params.flatMap((local) => /^mutegroup\/(\d+)$/.exec(local)?.[1] ?? []).map(Number).sort((one, other) => one - other)
}

/** The paths that say whether a group silences a strip: [member, active] of each mute group and DCA it can belong to. */
export function silencersOf(strip) {
	const active = { mutegroup: (number) => `mutegroup/${number}`, dca: (number) => `dca${number}/mute` }
	return Object.keys(strip.params).flatMap((local) => {
		const [, kind, number] = /^(mutegroup|dca)\/(\d+)$/.exec(local) ?? []
		return kind ? [[`${strip.path}/${local}`, `${strip.console}/${active[kind](number)}`]] : []
	})
}

/** The name of a group: a DCA's strip, or a mute group as `foh/mutegroup/2`; a deleted one too. */
export function groupName({ consoles, store }, path) {
	const last = path.split("/").pop()
	return store.get(`${path}/name`) || consoles.strip(path)?.label || (last.startsWith("dca") ? `DCA ${last.slice(3)}` : `Mute ${last}`)
}

/** The paths of params that say who belongs to a group of a console: `dca1` or `mutegroup/2`. */
export function membersOf({ name, strips, driver }, group) {
	if (driver === HOUSE) return [`${name}/${group}/members`]
	const local = group.replace(/^dca(\d+)$/, "dca/$1")
	return strips.filter((strip) => strip.has(local)).map((strip) => `${strip.path}/${local}`)
}

/** The paths of the strips in a group of a console now. */
export function stripsIn(console, group, store) {
	const members = membersOf(console, group)
	if (console.driver === HOUSE) return members.flatMap((path) => listed(store.get(path)))
	return members.filter((path) => store.get(path) === true).map((path) => path.split("/").slice(0, 2).join("/"))
}
