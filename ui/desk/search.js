/** Search: what typed words lead to: a strip, one of its pages, its mute or solo, a mix, a scene, somebody, a panel. */

/** What can be done with a strip, by the word for it. */
const DEEDS = { mute: ["mute", true], unmute: ["mute", false], solo: ["solo", true], unsolo: ["solo", false] }
const TABS = { eq: "eq", gate: "gate", comp: "dynamics", compressor: "dynamics", dynamics: "dynamics", sends: "sends", input: "input", gain: "input", groups: "groups" }
const MORE_ME = ["more", "me"]
const MOST = 12

/**
 * The results for a text, best first, at most 12. `places` are `{kind, name, more, …}` with kind strip, group, mix, scene, person or panel;
 * a strip has `path` and `has(local)`, a group `members`, a mix `own`, the paths of its person's channels. A result is its place, with a
 * `deed` ["mute", true] or ["more me"], or a `tab`, where the text names one.
 */
export function search(text, places) {
	const words = text.toLowerCase().split(/\s+/).filter(Boolean)
	const isMore = MORE_ME.every((word) => words.includes(word))
	const verb = isMore ? MORE_ME.join(" ") : words.find((word) => word in DEEDS || word in TABS)
	const rest = words.filter((word) => word !== verb && !(isMore && MORE_ME.includes(word)))
	const plain = words.length ? places.map((place) => ranked(place, words)) : []
	const meant = verb && rest.length ? places.map((place) => ranked(deedOf(place, verb), rest)) : []
	const found = [...meant, ...plain].filter(({ rank }) => rank > 0)
	return found.sort((one, other) => other.rank - one.rank).slice(0, MOST).map(({ place }) => place)
}

/** A place with what a verb does there; null where it does nothing. */
function deedOf(place, verb) {
	if (verb in TABS) return place.kind === "strip" ? { ...place, tab: TABS[verb] } : null
	if (!(verb in DEEDS)) return place.kind === "mix" ? (place.own.length ? { ...place, deed: [verb] } : place) : null
	const deed = DEEDS[verb]
	const able = place.kind === "group" || (place.kind === "strip" && place.has(deed[0]) && !(place.main && verb === "unmute"))
	return able ? { ...place, deed } : null
}

/** Every word begins one of the place's; whole words and what is asked to be done count more. */
function ranked(place, words) {
	if (!place) return { place, rank: 0 }
	const names = `${place.name} ${place.more ?? ""}`.toLowerCase().split(/[\s,·/]+/)
	const shares = words.map((word) => Math.max(...names.map((name) => (name === word ? 2 : name.startsWith(word) ? 1 : 0))))
	if (shares.includes(0)) return { place, rank: 0 }
	const begun = place.name.toLowerCase().startsWith(words[0]) ? 1 : 0
	return { place, rank: shares.reduce((sum, share) => sum + share, begun) / words.length + (place.deed || place.tab ? 2 : 0) }
}
