/** Takes in words: their time, the room that a disk has, their size. */

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
