/** The shape of the screen, by the same media queries as in the style sheets. */
const SHAPES = { sideways: "(max-height: 480px) and (min-width: 441px)", upright: "(max-width: 440px), (max-width: 640px) and (min-height: 481px)" }

/** `sideways` and `upright` are a phone's, anything else is `wide`. */
export function shapeOfPage() {
	return Object.keys(SHAPES).find((shape) => matchMedia(SHAPES[shape]).matches) ?? "wide"
}
