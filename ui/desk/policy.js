/** Rights and limits, as the host edits them: the policy of the server, its changes, and its words. */
export const PARTS = [["sends", "Sends"], ["fader", "Level"], ["mute", "Mute"]]
export const GRANTS = [["move", "Move"], ["ask", "Ask"], ["look", "View"]]

/** Controls for a guard rail: paths with * for any part, and words. */
export const PLACES = [
	["*/main/mute", "Main mute"],
	["*/main/fader", "Main fader"],
	["*/ch*/fader", "Channel faders"],
	["*/bus*/fader", "Mix faders"],
	["*/send/*/level", "Sends"],
]

/** A guard rail's limit: its key in the form, its words, and the number that is offered first, in dB. */
export const LIMITS = [
	["only_mute", "mute only, no unmute", null],
	["most_db", "maximum level", 0],
	["rise_db", "maximum rise per second", 12],
]

/** The limits that fit a place: a mute has no level. */
export function limitsOf(place) {
	return LIMITS.filter(([key]) => (key === "only_mute") === place.endsWith("/mute"))
}

/** A policy of the server. It never changes: each `with…` returns the form of another one. */
export class Policy {
	/** `form` is `{grants, ceilings, rails}`; `usual` is the vocabulary's `{grants, ceiling}`, for mixes without their own. */
	constructor(form, usual) {
		this.form = form
		this.usual = usual
	}

	grant(mix, role) {
		return { ...this.usual.grants[role], ...this.form.grants[mix]?.[role] }
	}

	ceiling(mix) {
		return { ...this.usual.ceiling, ...this.form.ceilings[mix] }
	}

	withGrant(mix, role, part, may) {
		const { grants } = this.form
		const grant = { ...this.grant(mix, role), [part]: may }
		return { ...this.form, grants: { ...grants, [mix]: { ...grants[mix], [role]: grant } } }
	}

	/** `db` null takes the ceiling away: the fader's own end is the limit. */
	withCeiling(mix, which, db) {
		return { ...this.form, ceilings: { ...this.form.ceilings, [mix]: { ...this.ceiling(mix), [which]: db } } }
	}

	withRail({ place, limit, number, roles }) {
		const rail = { paths: place, roles, [limit]: limit === "only_mute" ? true : number }
		return { ...this.form, rails: [...this.form.rails, rail] }
	}

	withoutRail(at) {
		return { ...this.form, rails: this.form.rails.filter((_, place) => place !== at) }
	}
}

/** "Main mute: mute only, no unmute" and "Engineers, Guests"; `names` are the vocabulary's roles. */
export function railWords({ paths, roles, only_mute: onlyMute, most_db: most, rise_db: rise }, names) {
	const place = PLACES.find(([path]) => path === paths)?.[1] ?? paths
	const limits = [
		onlyMute && "mute only, no unmute",
		Number.isFinite(most) && `max. ${signed(most)} dB`,
		Number.isFinite(rise) && `max. rise ${rise} dB per second`,
	]
	return { what: `${place}: ${limits.filter(Boolean).join(", ")}`, whom: roles.map((role) => names[role]?.plural ?? role).join(", ") }
}

/** A grant in one line: "Move: sends, mute · Ask: level". */
export function grantWords(grant) {
	const groups = GRANTS.map(([may, word]) => [word, PARTS.filter(([part]) => grant[part] === may).map(([, name]) => name.toLowerCase())])
	return groups.filter(([, names]) => names.length).map(([word, names]) => `${word}: ${names.join(", ")}`).join(" · ")
}

export function signed(db) {
	return db > 0 ? `+${db}` : String(db).replace("-", "−")
}
