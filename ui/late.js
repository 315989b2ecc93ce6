/* Where the page's modules cannot run, or do not come in time, says so and shows the way to /why. Old browsers have to read this file. */
(function () {
	var PATIENCE_MS = 5000
	var root = document.documentElement

	function say() {
		if (root.hasAttribute("data-started") || document.getElementById("late")) return
		var words = document.createElement("p")
		words.id = "late"
		words.setAttribute("role", "alert")
		words.style.cssText = "position:fixed;top:0;left:0;right:0;z-index:99;margin:0;padding:1.5rem;font:17px/1.5 sans-serif;background:#19191c;color:#f1f1f4"
		words.innerHTML = "The mixer does not start in this browser, or its scripts are slow to come. <a href='why' style='color:#7db3ff'>What is missing?</a>"
		document.body.appendChild(words)
	}

	/* Below a path, a proxy cuts it off and shows us the root; all that asks the mixer from here would go elsewhere. */
	if (location.pathname !== "/" && location.pathname !== "/index.html") location.replace("why")
	else if ("noModule" in document.createElement("script")) setTimeout(say, PATIENCE_MS)
	else addEventListener("load", say)
})()
