/** The consoles' talkbacks: params as `foh/talk/b`. */

/** Paths of the talkbacks of a console. */
export function talksOf({ name, params }) {
	return params.filter((local) => local.startsWith("talk/")).map((local) => `${name}/${local}`)
}

/** "B" of `foh/talk/b`. */
export function letterOf(path) {
	return path.slice(-1).toUpperCase()
}
