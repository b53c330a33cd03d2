/** The logarithm of the gamma function for positive numbers: Stirling's series (Abramowitz and Stegun 6.1.41) after a shift above 8. */
export function logGamma(value: number): number {
  let [x, product] = [value, 1]
  while (x < 8) {
    product *= x
    x += 1
  }
  const q = 1 / (x * x)
  const series = (1 / 12 - q * (1 / 360 - q * (1 / 1260 - q * (1 / 1680 - q / 1188)))) / x
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series - Math.log(product)
}
