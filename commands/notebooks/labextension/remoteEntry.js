/** The module-federation entry that JupyterLab loads: a renderer for Plotly figures, written without a bundler. */
;(() => {
  const name = 'plotly-figures'
  const mimeType = 'application/vnd.plotly.v1+json'
  const here = document.currentScript.src
  let Widget
  let loading

  function plotly() {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement('script')
      script.src = new URL('plotly.min.js', here).href
      // Plotly's file would register itself with an AMD loader, where one is present, instead of the window.
      const { define } = window
      window.define = undefined
      script.onload = () => {
        window.define = define
        resolve(window.Plotly)
      }
      script.onerror = () => reject(new Error(`${script.src} could not be loaded`))
      document.head.append(script)
    })
    return loading
  }

  function createRenderer() {
    const widget = new Widget()
    widget.addClass('jp-RenderedPlotly')
    widget.renderModel = async (model) => {
      const { data, layout, config } = model.data[mimeType]
      const { newPlot } = await plotly()
      // Plotly writes into what it is given; the notebook's own copy must stay as it was.
      await newPlot(widget.node, ...structuredClone([data, layout, config]))
    }
    return widget
  }

  const extension = {
    id: `${name}:renderer`,
    rendererFactory: { safe: true, mimeTypes: [mimeType], createRenderer },
    rank: 0,
    dataType: 'json',
  }

  async function init(scope) {
    const versions = Object.values(scope['@lumino/widgets'])
    const lumino = (await versions[0].get())()
    Widget = lumino.Widget
  }

  globalThis._JUPYTERLAB ??= {}
  globalThis._JUPYTERLAB[name] = { init, get: () => () => ({ __esModule: true, default: extension }) }
})()
