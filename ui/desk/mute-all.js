/** "Mute all but …": the rows of strips that it can leave open, and the one that this device has chosen. */
import { layersOf } from "./layers.js"

/** Layers with strips of their own choice: a console's, one's own, those that the crew shares. */
export function layersToSpare({ consoles, layers, vocabulary }) {
	return layersOf(consoles.list.value, layers.list.value, vocabulary.value.kinds).filter(({ order }) => order)
}

/** The chosen layer; undefined while none is chosen, or it is not here. */
export function sparedLayer(page) {
	return layersToSpare(page).find(({ id }) => id === page.prefs.spared.value)
}
