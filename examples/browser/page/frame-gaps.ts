/** Measures the longest gap between two frames of the page, from now until `end`. */
export function watchFrames(): { readonly end: () => number } {
  let [last, longest, isOver] = [performance.now(), 0, false]
  const look = (now: number) => {
    if (isOver) return
    // A hidden page gets no frames.
    if (document.visibilityState === 'visible') longest = Math.max(longest, now - last)
    last = now
    requestAnimationFrame(look)
  }
  requestAnimationFrame((now) => {
    last = now
    requestAnimationFrame(look)
  })
  return {
    end: () => {
      isOver = true
      return longest
    },
  }
}
