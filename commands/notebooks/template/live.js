/*
 * Swaps each static image for its live figure when it comes near the screen. Narrow screens get a figure of their own instead of
 * smaller letters: the title breaks elsewhere, names stand above their bars, crowded axes name every other category.
 */
;(() => {
  if (!window.Plotly) return
  const wrap = (text, columns) => {
    const rows = ['']
    for (const word of text.split(' ')) {
      const row = rows[rows.length - 1]
      if (row && row.length + 1 + word.length > columns) rows.push(word)
      else rows[rows.length - 1] = row ? `${row} ${word}` : word
    }
    return rows
  }

  /* Title and subtitle, broken for `width`, and the margin that they need. */
  const head = (layout, width) => {
    const { title, subtitle } = layout.meta
    const rows = wrap(title, width / 9)
    const under = subtitle ? wrap(subtitle, width / 6.8) : []
    const small = under.map((row) => `<span style="font-size:12px;color:#51606f">${row}</span>`)
    layout.title.text = [...rows.map((row) => `<b>${row}</b>`), ...small].join('<br>')
    layout.title.font.size = 15.5
    const top = 28 + 21 * (rows.length + under.length)
    layout.height += top - layout.margin.t
    Object.assign(layout.margin, { l: 4, r: 8, t: top, pad: 2 })
  }

  /* Names one below the other: above their marks, with what stood beside the bar. */
  const rows = (data, layout) => {
    const axis = layout.yaxis
    const names = axis.categoryarray
    const beside = new Map()
    for (const trace of data) {
      if (trace.type !== 'bar') continue
      for (const [index, name] of trace.y.entries()) beside.set(name, trace.text?.[index])
      delete trace.text
      Object.assign(trace, { width: 0.36, offset: -0.4 })
      const reach = Math.max(...trace.x.map(Math.abs)) * 1.02
      layout.xaxis.range = trace.x.some((x) => x < 0) ? [-reach, reach] : [0, reach]
    }
    axis.showticklabels = false
    const name = (text) => ({
      text: beside.get(text) ? `${text}: ${beside.get(text)}` : text,
      y: text,
      yshift: beside.size > 0 ? 7 : 14,
      xref: 'paper',
      x: 0,
      xanchor: 'left',
      showarrow: false,
    })
    layout.height += names.length * 16
    const marks = layout.annotations ?? []
    for (const mark of marks) if (names.includes(mark.y)) mark.yshift = mark.xref === 'paper' ? 14 : 32
    layout.annotations = [...marks, ...names.map(name)]
  }

  /* Categories side by side: no numbers at the points, fewer names, the same space for the series' names at the left. */
  const columns = (data, layout, width, wide) => {
    const names = [...new Set(data.flatMap((trace) => trace.x))]
    for (const trace of data) if (trace.mode?.includes('text')) trace.mode = 'markers'
    const longest = Math.max(...names.map((name) => String(name).length)) * 6.4 + 8
    layout.xaxis.dtick = Math.ceil((names.length * longest) / (width - 40))
    layout.xaxis.tickangle = 0
    if (layout.xaxis.range?.[0] < -0.5) layout.xaxis.range[0] *= (0.85 * wide) / width
  }

  const fitted = ({ data, layout, config }, width) => {
    const wide = layout.width
    if (width < wide) {
      layout.width = width
      layout.font.size = 12
      head(layout, width)
      if (width < 620) {
        if (layout.yaxis.type === 'category') rows(data, layout)
        else if (layout.xaxis.type === 'category') columns(data, layout, width, wide)
      }
    }
    return [data, layout, config]
  }

  const draw = (holder) => {
    const figure = JSON.parse(holder.querySelector('script').textContent)
    const width = Math.min(holder.clientWidth, figure.layout.width)
    if (holder.dataset.width === String(width)) return
    holder.dataset.width = width
    let plot = holder.querySelector('.plot')
    if (!plot) {
      plot = document.createElement('div')
      plot.className = 'plot'
      plot.setAttribute('role', 'img')
      plot.setAttribute('aria-label', holder.querySelector('img').alt)
    }
    window.Plotly.newPlot(plot, ...fitted(figure, width)).then(() => {
      holder.querySelector('img')?.replaceWith(plot)
    })
  }

  const holders = [...document.querySelectorAll('.figure')].filter((holder) => holder.querySelector('script'))
  const near = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) draw(target)
    },
    { rootMargin: '600px' },
  )
  for (const holder of holders) near.observe(holder)
  let timer
  addEventListener('resize', () => {
    clearTimeout(timer)
    timer = setTimeout(() => holders.filter((holder) => holder.dataset.width).forEach(draw), 150)
  })
})()
