/** What a host decides about hands on the desk, as words and as changes of one JSON form. Nothing here is kept: the server is asked. */
export const PARTS = [["sends", "Sends"], ["fader", "Level"], ["mute", "Mute"]]
export const MAY = [["move", "Move"], ["ask", "Ask"], ["look", "Look"]]
export const BOUND_ROLES = [["engineer", "Engineers"], ["musician", "Musicians"], ["guest", "Guests"]]
/** As the server takes it where nothing was decided. */
const USUAL = { musician: { sends: "move", fader: "move", mute: "move" }, guest: { sends: "look", fader: "look", mute: "look" } }
const USUAL_CEILING = { send_db: 6, bus_db: 6 }

/** What a rail can stand on: paths with * for any part, and words. */
export const PLACES = [
	["*/main/mute", "Mute of main"],
	["*/main/fader", "Fader of main"],
	["*/ch*/fader", "Faders of channels"],
	["*/bus*/fader", "Faders of mixes"],
	["*/send/*/level", "Sends"],
]
/** Which limits make sense on a place: a mute has no level. */
export function limitsOf(place) {
	return LIMITS.filter(([key]) => (key === "only_mute") === place.endsWith("/mute"))
}

/** What a rail says: its key in the form, words with the number, and where the number begins. */
export const LIMITS = [
	["only_mute", "may be muted, never un-muted", null],
	["most_db", "no higher than", 0],
	["rise_db", "rises a second by at most", 12],
]

export function grantOf(policy, mix, role) {
	return { ...USUAL[role], ...policy.grants[mix]?.[role] }
}

export function ceilingOf(policy, mix) {
	return { ...USUAL_CEILING, ...policy.ceilings[mix] }
}

export function withGrant(policy, mix, role, part, may) {
	const grant = { ...grantOf(policy, mix, role), [part]: may }
	return { ...policy, grants: { ...policy.grants, [mix]: { ...policy.grants[mix], [role]: grant } } }
}

/** `db` null takes the ceiling away: the fader's own end is the limit. */
export function withCeiling(policy, mix, which, db) {
	return { ...policy, ceilings: { ...policy.ceilings, [mix]: { ...ceilingOf(policy, mix), [which]: db } } }
}

export function withRail(policy, { place, limit, number, roles }) {
	const rail = { paths: place, roles, [limit]: limit === "only_mute" ? true : number }
	return { ...policy, rails: [...policy.rails, rail] }
}

export function withoutRail(policy, at) {
	return { ...policy, rails: policy.rails.toSpliced(at, 1) }
}

/** "Engineers, guests: mute of main may be muted, never un-muted" in two parts: what, and whom it binds. */
export function railWords({ paths, roles, only_mute: onlyMute, most_db: most, rise_db: rise }) {
	const place = PLACES.find(([path]) => path === paths)?.[1] ?? paths
	const limits = [
		onlyMute && "may be muted, never un-muted",
		Number.isFinite(most) && `no higher than ${signed(most)} dB`,
		Number.isFinite(rise) && `rises by ${rise} dB a second at most`,
	]
	const names = Object.fromEntries([["host", "Hosts"], ...BOUND_ROLES])
	return { what: `${place}: ${limits.filter(Boolean).join(", ")}`, whom: roles.map((role) => names[role] ?? role).join(", ") }
}

/** In one line what the musicians of a mix may do. */
export function grantWords(grant) {
	const parts = MAY.map(([may, word]) => [word.toLowerCase(), PARTS.filter(([part]) => grant[part] === may).map(([, name]) => name.toLowerCase())])
	return parts.filter(([, names]) => names.length).map(([word, names]) => `${word}: ${names.join(", ")}`).join(" · ")
}

export function signed(db) {
	return db > 0 ? `+${db}` : String(db).replace("-", "−")
}
