import { Component, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { Greetings } from './greetings';

@Component({
  selector: 'app-root',
  template: `
    <h1>Angular asks Flask</h1>
    <p id="greeting" role="status">{{ greeting() }}</p>
  `,
})
export class App {
  protected readonly greeting = toSignal(inject(Greetings).ask(), { initialValue: 'asking …' });
}
