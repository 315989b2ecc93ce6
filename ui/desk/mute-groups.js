/** Mute groups of a console, and which strips an active one silences. */

/** The numbers of a console's mute groups, as it prints them. */
export function muteGroupsOf({ params }) {
	return params.flatMap((local) => /^mutegroup\/(\d+)$/.exec(local)?.[1] ?? []).map(Number).sort((one, other) => one - other)
}

/** The paths that say whether a group silences a strip: [member, active] of each group it can belong to. */
export function silencersOf(strip) {
	const locals = Object.keys(strip.params).filter((local) => /^mutegroup\/\d+$/.test(local))
	return locals.map((local) => [`${strip.path}/${local}`, `${strip.console}/${local}`])
}

/** The paths of the strips' memberships in a group. */
export function membersOf({ name, strips }, group) {
	return strips.filter((strip) => strip.has(`mutegroup/${group}`)).map((strip) => `${name}/${strip.id}/mutegroup/${group}`)
}
