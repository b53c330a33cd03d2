/** What became of the contracts: the three files about them, and which contract goes into which. */
import { CardMaker } from './cards.ts'
import type { Contract } from './contract.ts'
import type { CsvWriter, OpenTable } from './csv-writer.ts'
import type { Form } from './form.ts'
import { InstalmentMaker } from './instalments.ts'
import type { Stream } from './random.ts'

export class ContractWriter {
  readonly pos: CsvWriter
  readonly payments: CsvWriter
  readonly cards: CsvWriter
  private readonly instalments: InstalmentMaker
  private readonly cardMonths: CardMaker

  constructor(open: OpenTable) {
    this.pos = open('POS_CASH_balance')
    this.payments = open('installments_payments')
    this.cards = open('credit_card_balance')
    this.instalments = new InstalmentMaker(this.pos, this.payments)
    this.cardMonths = new CardMaker(this.cards, this.payments)
  }

  /** To be called before a client's first contract: draws how the client pays. */
  start(form: Form, stream: Stream): void {
    this.instalments.start(form, stream)
  }

  write(client: number, contract: Contract, form: Form, stream: Stream): void {
    if (contract.kind === 'card') this.cardMonths.write(client, contract, form, stream)
    else this.instalments.write(client, contract, form, stream)
  }
}
