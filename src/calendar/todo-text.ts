// A to-do in words, for readers that show no calendar.
import type { TodoHead } from './todo-head.ts';

/** When, how urgent, and what. */
export function todoText(todo: TodoHead, comment: string | undefined): string {
  const { summary, start, due, priority, percentComplete, description } = todo;
  const lines = [summary, ''];
  if (start) lines.push(`From: ${clock(todo, start)}`);
  if (due) lines.push(`Until: ${clock(todo, due)}`);
  if (priority > 0) lines.push(`Priority: ${priority} of 9`);
  if (percentComplete > 0) lines.push(`Done: ${percentComplete} %`);
  if (comment) lines.push('', comment);
  if (description !== '') lines.push('', description);
  return `${lines.join('\n').trim()}\n`;
}

function clock(todo: TodoHead, date: Date): string {
  const text = date.toISOString();
  return todo.allDay ? text.slice(0, 10) : `${text.slice(0, 16).replace('T', ' ')} UTC`;
}
