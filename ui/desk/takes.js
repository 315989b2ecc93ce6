/** Takes of consoles that record: in words, and what the page asks for. */

const HOUR_SECONDS = 3600

/** Seconds as 0:07, 12:03 or 3:07:12. */
export function timeWords(seconds) {
	const { hours, minutes, rest } = parted(seconds)
	return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}

/** Seconds for which a disk has room: "3 h 20 min". */
export function roomWords(seconds) {
	const { hours, minutes } = parted(seconds)
	if (hours >= 48) return `${Math.floor(hours / 24)} days`
	return hours ? `${hours} h ${minutes} min` : `${minutes} min`
}

function parted(seconds) {
	const whole = Math.max(0, Math.floor(seconds ?? 0))
	return { hours: Math.floor(whole / HOUR_SECONDS), minutes: Math.floor(whole / 60) % 60, rest: whole % 60 }
}

function two(number) {
	return String(number).padStart(2, "0")
}

/** Bytes as people read them on a disk. */
export function sizeWords(bytes) {
	const units = ["kB", "MB", "GB", "TB"]
	let [size, unit] = [bytes / 1000, 0]
	for (; size >= 999.5 && unit < units.length - 1; unit += 1) size /= 1000
	return `${size < 10 && unit ? size.toFixed(1) : Math.round(size)} ${units[unit]}`
}

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
