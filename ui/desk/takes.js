/** Takes of consoles that record: what the page asks for. */

/** Whether a console records takes, and plays them. */
export function isRecorder({ actions }) {
	return actions.has("record") && actions.has("play_take")
}

function recorders({ consoles }) {
	return consoles.list.value.filter(isRecorder)
}

export function isRecording({ store }, name) {
	return Boolean(store.get(`${name}/recorder/file`))
}

export function setMark(page, name) {
	return page.act(name, "mark")
}

/** Sets a marker in every recording that goes on; null where there is none. */
export function markAll(page) {
	const recording = page.people.isCrew ? recorders(page).filter(({ name }) => isRecording(page, name)) : []
	return recording.length ? () => recording.forEach(({ name }) => setMark(page, name)) : null
}

export function turnRecording(page, name, words = {}) {
	return isRecording(page, name) ? page.act(name, "stop_recording") : page.act(name, "record", words)
}

/** The address of a take's file. */
export function addressOf(name, { file }) {
	return `/api/v1/takes/${encodeURIComponent(name)}/${encodeURIComponent(file)}`
}
