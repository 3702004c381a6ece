import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import { Observable, catchError, map, of, switchMap } from 'rxjs';

/** Asks Flask for its greeting. Where Flask is, the server of this page says: it is told when its container starts. */
@Injectable({ providedIn: 'root' })
export class Greetings {
  private readonly http = inject(HttpClient);

  /** The greeting, or 'not connected'. Never fails. */
  ask(): Observable<string> {
    return this.http.get<{ greetingUrl: string }>('settings.json').pipe(
      switchMap(({ greetingUrl }) => this.http.get<{ greeting: string }>(greetingUrl)),
      map(({ greeting }) => greeting),
      catchError(() => of('not connected')),
    );
  }
}
