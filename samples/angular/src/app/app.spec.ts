import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { App } from './app';

describe('the page', () => {
  let server: HttpTestingController;
  let shown: () => Promise<string | null | undefined>;

  beforeEach(() => {
    TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting()] });
    server = TestBed.inject(HttpTestingController);
    const page = TestBed.createComponent(App);
    shown = async () => {
      await page.whenStable();
      return (page.nativeElement as HTMLElement).querySelector('#greeting')?.textContent;
    };
  });

  afterEach(() => server.verify());

  it('shows the greeting of the service that it was told of', async () => {
    server.expectOne('settings.json').flush({ greetingUrl: 'http://flask.test/' });
    server.expectOne('http://flask.test/').flush({ greeting: 'Hello!' });
    expect(await shown()).toBe('Hello!');
  });

  it('says that it is not connected when the service does not answer', async () => {
    server.expectOne('settings.json').flush({ greetingUrl: 'http://flask.test/' });
    server.expectOne('http://flask.test/').error(new ProgressEvent('error'));
    expect(await shown()).toBe('not connected');
  });

  it('says that it is not connected when nobody told it whom to ask', async () => {
    server.expectOne('settings.json').flush('', { status: 404, statusText: 'Not Found' });
    expect(await shown()).toBe('not connected');
  });
});
