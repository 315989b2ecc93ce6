/** The set list: what a scene is called in it, and the numbers that put its scenes into another order. */

/** "12 Ballad"; a scene without a number, and a moment, have their name alone. */
export function titleOf({ number, name }) {
	return number ? `${number} ${name}` : name
}

/** The scene that GO recalls: the one after that where we are; undefined after the last. */
export function nextOf({ scenes, current }) {
	return scenes[scenes.findIndex(({ id }) => id === current) + 1]
}

/** The one before that where we are; undefined for none. */
export function previousOf({ scenes, current }) {
	return scenes[scenes.findIndex(({ id }) => id === current) - 1]
}

/**
 * The new numbers, `[{scene, number}]`, when the scene at one place of the list goes to another. Each keeps its number
 * where the order allows that; scenes without a number stand at the end and get one only where they have to.
 */
export function renumbered(scenes, from, to) {
	const list = [...scenes]
	const [moved] = list.splice(from, 1)
	list.splice(to, 0, moved)
	const numbered = list.reduce((last, scene, index) => (scene === moved || scene.number > 0 ? index : last), -1)
	let last = 0
	const changes = list.slice(0, numbered + 1).map((scene) => {
		last = scene !== moved && scene.number > last ? scene.number : last + 1
		return { scene: scene.id, number: last, before: scene.number }
	})
	return changes.filter(({ number, before }) => number !== before).map(({ scene, number }) => ({ scene, number }))
}
