/** The level that a channel sends into a mix: its meter after fader and mute, carried on by the send. */

/**
 * What to add to a channel's post-fader reading, in dB, for the level that it sends; null where that cannot be known: the
 * send is taken at another place than before or after the fader, or the fader stands between the reading and its send.
 * `roads` are those of the strip in the mix.
 */
export function sentOver({ store, consoles }, { path }, { level, mute, tap }) {
	const on = (local) => store.get(`${path}/${local}`) === true
	const [send, from] = [decibels(store, consoles, `${path}/${level}`), store.get(`${path}/${tap}`)]
	if (send === null) return null
	if (send === -Infinity || on(mute)) return -Infinity
	if (from === "post_fader") return on("mute") ? -Infinity : send
	const fader = decibels(store, consoles, `${path}/fader`)
	if (from !== "pre_fader" || on("mute") || fader === null || fader === -Infinity) return null
	return send - fader
}

function decibels(store, consoles, path) {
	const [position, taper] = [store.get(path), consoles.param(path)?.taper]
	return typeof position === "number" && taper?.unitName === "dB" ? taper.unit(position) : null
}
