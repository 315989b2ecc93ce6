/** Mute groups of a console, and which strips an active one, or a muted DCA, silences. */

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

/** The name of a group: a DCA's strip, or a mute group as `foh/mutegroup/2`. */
export function groupName({ consoles, store }, path) {
	return store.get(`${path}/name`) || consoles.strip(path)?.label || `Mute ${path.split("/").pop()}`
}

/** The paths of the strips' memberships in a group of their console: `dca1` or `mutegroup/2`. */
export function membersOf({ strips }, group) {
	const local = group.replace(/^dca(\d+)$/, "dca/$1")
	return strips.filter((strip) => strip.has(local)).map((strip) => `${strip.path}/${local}`)
}
