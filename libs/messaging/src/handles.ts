import { Catch, type ExceptionFilter, type PipeTransform, UseFilters } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { type Observable, throwError } from 'rxjs';
import type { Class, Event, PayloadOf, ReplyOf, RequestOf, Rpc } from '#contracts';
import { validated } from './validated.js';

/** Nest registers a handler with every connected server unless the pattern names one. */
export const rpcTransport = Symbol('rpc');
export const eventTransport = Symbol('events');

/** Hands errors to our servers as they are: they know a Problem from a bug. Nest would turn both into a text. */
@Catch()
class PassOn implements ExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/** What a fact came in: its id is the key of the inbox. */
export interface Delivery {
  id: string;
  redelivered: boolean;
}

type AnswerOf<C> = (request: RequestOf<C>) => Promise<ReplyOf<C>>;
type ListenerOf<E> = (fact: PayloadOf<E>, delivery: Delivery) => Promise<void>;

/** Answers a question. A method that does not take its request and return its reply does not compile. */
export const Handles =
  <C extends Rpc>(contract: C) =>
  <M extends AnswerOf<C>>(target: object, name: string, method: TypedPropertyDescriptor<M>): void => {
    MessagePattern(contract.key, rpcTransport)(target, name, method as PropertyDescriptor);
    UseFilters(PassOn)(target, name, method as PropertyDescriptor);
    Payload(checkedAs(contract.request))(target, name, 0);
  };

/** Takes in a fact. The message is acknowledged when the method returns, and delivered again when it throws. */
export const On =
  <E extends Event>(fact: E) =>
  <M extends ListenerOf<E>>(target: object, name: string, method: TypedPropertyDescriptor<M>): void => {
    MessagePattern(fact.key, eventTransport)(target, name, method as PropertyDescriptor);
    UseFilters(PassOn)(target, name, method as PropertyDescriptor);
    Payload(checkedAs(fact.payload))(target, name, 0);
    Ctx()(target, name, 1);
  };

const checkedAs = (type: Class<unknown>): PipeTransform => ({
  transform: (value: unknown) => validated(type as Class<object>, value, 'dropped'),
});
